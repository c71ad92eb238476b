"""Asks the DNS whether a domain takes mail (MA408): only where somebody asks for it with --check-mail-domain."""

from __future__ import annotations

_SECONDS = 4.0  # for one domain, all questions and tries together


class MailDomains:
    """A resolver for `check`. Every domain is asked for once; if the DNS never answers, nobody waits for it twice.

    `silent` tells afterwards whether anything remained unknown.
    """

    def __init__(self, seconds: float = _SECONDS) -> None:
        self.silent = False
        self._seconds = seconds
        self._known: dict[str, bool | None] = {}
        self._answers = 0

    def __call__(self, domain: str) -> bool:
        """Say whether a domain takes mail.

        Raises:
            OSError: the DNS does not answer, so nothing is known.
        """
        domain = domain.lower()
        if domain not in self._known:
            self._known[domain] = None if self.silent and not self._answers else self._ask(domain)
        takes_mail = self._known[domain]
        if takes_mail is None:
            self.silent = True
            raise OSError("the DNS does not answer")
        self._answers += 1
        return takes_mail

    def _ask(self, domain: str) -> bool | None:
        """Return what the DNS says: None if it does not answer.

        Mail goes to the domain's mail servers, or without any to its own address (RFC 5321, section 5.1); a single
        server called `.` says that it takes no mail (RFC 7505).
        """
        import dns.exception
        import dns.resolver
        import idna

        try:
            name = domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
            resolver = dns.resolver.Resolver()
            try:
                servers = resolver.resolve(name, "MX", lifetime=self._seconds)
            except dns.resolver.NoAnswer:
                return self._has_address(resolver, name)
            return any(str(server.exchange) != "." for server in servers)
        except (dns.resolver.NXDOMAIN, idna.IDNAError):
            return False
        except (dns.exception.DNSException, OSError):
            return None

    def _has_address(self, resolver: object, name: str) -> bool:
        import dns.resolver

        for kind in ("A", "AAAA"):
            try:
                resolver.resolve(name, kind, lifetime=self._seconds)  # type: ignore[attr-defined]
            except dns.resolver.NoAnswer:
                continue
            return True
        return False
