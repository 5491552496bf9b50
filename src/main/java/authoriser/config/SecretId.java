package authoriser.config;

/** The forms of a secret's id in AWS Secrets Manager: its ARN or its name. */
final class SecretId {
    private static final String NAME =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_+=.@-";

    private SecretId() {}

    /** Whether a text is the id of a secret. */
    static boolean isOne(String text) {
        return text.startsWith("arn:") ? isArn(text) : isName(text);
    }

    /** {@code arn:PARTITION:secretsmanager:REGION:ACCOUNT:secret:NAME-SUFFIX}. */
    private static boolean isArn(String text) {
        String[] parts = text.split(":", -1);
        return parts.length == 7
                && isName(parts[1])
                && parts[2].equals("secretsmanager")
                && isName(parts[3])
                && parts[4].length() == 12
                && Texts.consistsOf(parts[4], "0123456789")
                && parts[5].equals("secret")
                && isName(parts[6]);
    }

    private static boolean isName(String text) {
        return text.length() <= 519 && Texts.consistsOf(text, NAME);
    }
}
