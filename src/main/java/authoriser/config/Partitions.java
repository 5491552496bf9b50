package authoriser.config;

/** The DNS suffixes of AWS's partitions (AWS SDK for Java, metadata of regions). */
public final class Partitions {
    /** How the regions of a partition begin, and its domain. The last one is for all others. */
    private static final String[][] DOMAINS = {
        {"cn-", "amazonaws.com.cn"},
        {"eusc-", "amazonaws.eu"},
        {"us-iso-", "c2s.ic.gov"},
        {"us-isob-", "sc2s.sgov.gov"},
        {"us-isof-", "csp.hci.ic.gov"},
        {"eu-isoe-", "cloud.adc-e.uk"},
        {"", "amazonaws.com"}
    };

    private Partitions() {}

    /** The domain of a region's partition. */
    public static String domainOf(String region) {
        int i = 0;
        while (!region.startsWith(DOMAINS[i][0])) {
            i++;
        }
        return DOMAINS[i][1];
    }
}
