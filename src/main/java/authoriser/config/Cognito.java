package authoriser.config;

/** The forms of Amazon Cognito's ids and hosts. */
final class Cognito {
    private static final String LOWER_CASE = "abcdefghijklmnopqrstuvwxyz";
    private static final String DIGITS = "0123456789";
    private static final String LETTERS_AND_DIGITS =
            LOWER_CASE + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + DIGITS;

    private Cognito() {}

    /** Whether a text is a user pool's id: {@code REGION_ID} with at most 55 characters. */
    static boolean isPoolId(String text) {
        int underscore = text.indexOf('_');
        return underscore > 0
                && text.length() <= 55
                && isRegion(text.substring(0, underscore))
                && Texts.consistsOf(text.substring(underscore + 1), LETTERS_AND_DIGITS);
    }

    /** The issuer of a pool. */
    static String issuerOf(String poolId) {
        String region = poolId.substring(0, poolId.indexOf('_'));
        return "https://cognito-idp." + region + "." + Partitions.domainOf(region) + "/" + poolId;
    }

    /** Whether a host is Cognito's for issuers and their keys. */
    static boolean issues(String host) {
        return host.startsWith("cognito-idp.") || host.startsWith("issuer-cognito-idp.");
    }

    /** Whether a host is a pool's domain, which has the sign-in pages and the token endpoint. */
    static boolean isPoolDomain(String host) {
        return host.contains(".amazoncognito.");
    }

    /** Two or more words and a number, such as {@code us-gov-west-1}. */
    private static boolean isRegion(String text) {
        int start = 0;
        int words = 0;
        for (int hyphen = text.indexOf('-'); hyphen >= 0; hyphen = text.indexOf('-', start)) {
            if (!Texts.consistsOf(text.substring(start, hyphen), LOWER_CASE)) {
                return false;
            }
            words++;
            start = hyphen + 1;
        }
        return words >= 2 && Texts.consistsOf(text.substring(start), DIGITS);
    }
}
