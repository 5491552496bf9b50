package authoriser.config;

/** Certificates in PEM, made by keytool. Their private keys do not exist any more. */
public final class SampleAuthorities {
    /** The certificate of an authority, valid until the end of 2035. */
    static final String UNTIL_2036 =
            """
            -----BEGIN CERTIFICATE-----
            MIIBaDCCAQ6gAwIBAgIIcV+nZ+GA0eswCgYIKoZIzj0EAwIwIDEeMBwGA1UEAxMV
            U2FtcGxlIGF1dGhvcml0eSAyMDM2MB4XDTI2MDEwMTAwMDAwMFoXDTM2MDEwMTAw
            MDAwMFowIDEeMBwGA1UEAxMVU2FtcGxlIGF1dGhvcml0eSAyMDM2MFkwEwYHKoZI
            zj0CAQYIKoZIzj0DAQcDQgAElFUjFipjFNIo5TbdhCFPwdXRx0tjJ5Qr/KahfTtX
            +OBSWAmrXMn/RtLmzeK2oqf4uJer8EbERRiKiabhRSgR4qMyMDAwHQYDVR0OBBYE
            FM1cGiAkbMAdo62XfLqE+0vI2BJTMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0E
            AwIDSAAwRQIhAOLkuDMorJDjO++1A/2zvoBV4efQRJuZmdvmHFbRoIskAiAt2gEd
            HKBIbEtXfJyn852Kqjigehuzy4jH49fjbuKSEg==
            -----END CERTIFICATE-----
            """;

    /** The certificate of another authority, valid until the end of 2045. */
    public static final String UNTIL_2046 =
            """
            -----BEGIN CERTIFICATE-----
            MIIBaDCCAQ+gAwIBAgIJAP0MXWYUwDRLMAoGCCqGSM49BAMCMCAxHjAcBgNVBAMT
            FVNhbXBsZSBhdXRob3JpdHkgMjA0NjAeFw0yNjAxMDEwMDAwMDBaFw00NjAxMDEw
            MDAwMDBaMCAxHjAcBgNVBAMTFVNhbXBsZSBhdXRob3JpdHkgMjA0NjBZMBMGByqG
            SM49AgEGCCqGSM49AwEHA0IABJp1CThmeLIrWk/eaEm31U9mr7FzcBYFEV7CWM+8
            dG+5sASfKG6r0xAWCZOf3A4f0IxyUeZVx/j2C2+c2GbS1WejMjAwMB0GA1UdDgQW
            BBQsSewsB/XOWLQwl4rTgexE/v+eTTAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49
            BAMCA0cAMEQCIB5eCInvjOmM2rqciYeT8BJ0dGt+FpajtYPC8MkgidOMAiBtWmnk
            KUwU2jhT+2loqTh/SCTbPwetfUtuO6vi2OHz5w==
            -----END CERTIFICATE-----
            """;

    /** The certificate of an authority that issues certificates of servers only (pathLen 0). */
    static final String OF_SERVERS =
            """
            -----BEGIN CERTIFICATE-----
            MIIBdzCCAR2gAwIBAgIIPEi2+i18z+wwCgYIKoZIzj0EAwMwJjEkMCIGA1UEAxMb
            U2FtcGxlIGF1dGhvcml0eSBvZiBzZXJ2ZXJzMB4XDTI2MDEwMTAwMDAwMFoXDTQ2
            MDEwMTAwMDAwMFowJjEkMCIGA1UEAxMbU2FtcGxlIGF1dGhvcml0eSBvZiBzZXJ2
            ZXJzMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEAiUcaTzIP088iE+JA6yxap8X
            eu4HPgXOGCKKhKB2Bmk4BlFm6ol4/AAX/yuqDsdgO0K5ivMcI+jRp2q3E97uOqM1
            MDMwHQYDVR0OBBYEFAU/zbSzO2M7p74Ru6lOqTq0etZZMBIGA1UdEwEB/wQIMAYB
            Af8CAQAwCgYIKoZIzj0EAwMDSAAwRQIgJzCdZ+g15u9Z59DidNjQkxEJOutbf/Qr
            1pX2FuDu/78CIQCASP7wZojeI0gaQWMYRy4MOaFurdni76LBedM5pl9SFg==
            -----END CERTIFICATE-----
            """;

    /** The certificate of an authority with an RSA key of 1,024 bits. */
    static final String WEAK =
            """
            -----BEGIN CERTIFICATE-----
            MIICBTCCAW6gAwIBAgIIIlq1PHllVxIwDQYJKoZIhvcNAQEMBQAwKzEpMCcGA1UE
            AxMgU2FtcGxlIGF1dGhvcml0eSB3aXRoIGEgd2VhayBrZXkwHhcNMjYwMTAxMDAw
            MDAwWhcNNDYwMTAxMDAwMDAwWjArMSkwJwYDVQQDEyBTYW1wbGUgYXV0aG9yaXR5
            IHdpdGggYSB3ZWFrIGtleTCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkCgYEAl85X
            CUhRq+4lGi4bEZvQvJJn1EHZXsaCcNZw8/zh56GSHB3PbzA+K5qnCYXo6q/I2ui8
            dLcnUJT4x8KsA2a7yXY9niUM5DfSGWqkiwaIeCvO57z7aEEdE1Og9WfnhJ8k+ZDJ
            WltGi3YSUBSMKGvp5VS+EOvyAVuKoDvAtrxa1EsCAwEAAaMyMDAwHQYDVR0OBBYE
            FByPFKUYBah/WAx8HCiyY+7HvZEqMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcN
            AQEMBQADgYEAJiR2A8cXbBCmH8ZbfC4Gv8tJUmS6aCy7QXwu/QK0Nh6iWxYnbgMD
            VqqowJ4dVp8K490VxP6uaP9Pd/yt40jInb+IqKvY33271HS2feAop61aGr5f8qEb
            UJHcRMQjGfDpPWjgReLl7amRDGS+15GemPvrExngfxJAnRFw+b5hsws=
            -----END CERTIFICATE-----
            """;

    /** The certificate of a server, which is not an authority. */
    static final String SERVER =
            """
            -----BEGIN CERTIFICATE-----
            MIIBXTCCAQOgAwIBAgIIcx3Mo+KtBxAwCgYIKoZIzj0EAwIwGDEWMBQGA1UEAxMN
            U2FtcGxlIHNlcnZlcjAeFw0yNjAxMDEwMDAwMDBaFw0zNjAxMDEwMDAwMDBaMBgx
            FjAUBgNVBAMTDVNhbXBsZSBzZXJ2ZXIwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
            AATYu2vX0kgu1yUCU1NIeQoU4VwLGUuWtGs+0K89fOeVxjsh4523pcQQ5AKRovpf
            WSDzfOz5cLJCYZebx7dnS5fBozcwNTAdBgNVHQ4EFgQUw0s9AxCyKMFssm5W/tt2
            fC39RrQwFAYDVR0RBA0wC4IJbG9jYWxob3N0MAoGCCqGSM49BAMCA0gAMEUCIGPA
            jxhMmSUdsIry1RN23LTceJHXNJlk5RoPC9Sug9g1AiEA2Ku/UwdcIKpB1gUIevmE
            mhOdgGVqou7bghLwtT4/1Gs=
            -----END CERTIFICATE-----
            """;

    private SampleAuthorities() {}
}
