package authoriser.local;

import authoriser.standin.LoopbackServer;
import authoriser.standin.PretendCognito;
import authoriser.standin.PretendValidation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** The local gateway as it serves, with the function behind it. */
record RunningGateway(
        LocalFunction function, LocalGateway gateway, ResultCache cache, LoopbackServer server)
        implements AutoCloseable {
    private static final Duration FUNCTION_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(5);

    /**
     * Starts the function, which may not be ready yet, and serves.
     *
     * @param log the file for what the function prints
     */
    static RunningGateway start(
            Path bootstrap,
            Path log,
            int port,
            PretendCognito cognito,
            PretendValidation validation,
            LocalSettings settings,
            InstantSource clock) {
        LogLines lines = new LogLines();
        ResultCache cache = new ResultCache(TIME_TO_LIVE, clock);
        LocalFunction function =
                LocalFunction.start(
                        bootstrap, settings.variables(), FUNCTION_TIMEOUT, log, lines::accept);
        try {
            LocalGateway gateway =
                    LocalGateway.of(
                            cognito,
                            validation,
                            settings,
                            function,
                            function::restart,
                            lines,
                            cache,
                            clock);
            return new RunningGateway(
                    function, gateway, cache, LoopbackServer.http(port, gateway::answer));
        } catch (RuntimeException e) {
            function.close();
            throw e;
        }
    }

    @Override
    public void close() {
        server.close();
        function.close();
    }
}
