package authoriser.http;

import authoriser.trust.Authorities;

/** The two libraries that can do TLS. */
public enum TlsLibrary {
    NATIVE,
    JDK;

    /** TLS by this library, to peers that one of these authorities vouches for. */
    public TlsLayer trusting(Authorities trusted) {
        return this == NATIVE ? TlsLayer.trusting(trusted) : TlsLayer.ofJdk(trusted);
    }
}
