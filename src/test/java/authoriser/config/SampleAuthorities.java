package authoriser.config;

/** Certificates in PEM, made by keytool. Their private keys do not exist any more. */
final class SampleAuthorities {
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
    static final String UNTIL_2046 =
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
