package authoriser.http;

import authoriser.trust.Authorities;

/** The two libraries that can do TLS. */
public enum TlsLibrary {
    NATIVE,
    JDK;

    /** TLS by this library, to peers with a certificate of one of these authorities. */
    public TlsLayer trusting(Authorities trusted) {
        return this == NATIVE ? TlsLayer.trusting(trusted) : TlsLayer.ofJdk(trusted);
    }
}
