package authoriser.local;

import authoriser.standin.PretendCognito;
import authoriser.standin.PretendValidation;
import authoriser.standin.StandInEndpoint;
import authoriser.standin.StandInReply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The faults of the stand-ins, which a person switches on and off. */
final class Faults {
    /** Below the time limit of the stand-ins' settings, so that answers still come in time. */
    static final Duration SLOWNESS = Duration.ofMillis(300);

    private final List<Part> parts = new ArrayList<>();

    Faults(LocalSettings settings, PretendCognito cognito, PretendValidation validation) {
        parts.add(new Part("issuer", "Issuer", cognito.jwks(), settings.ownIssuer()));
        parts.add(
                new Part(
                        "token-endpoint",
                        "Token endpoint",
                        cognito.token(),
                        settings.ownTokenEndpoint()));
        parts.add(
                new Part(
                        "validation-service",
                        "Validation service",
                        validation.validate(),
                        settings.ownService()));
    }

    /** What a stand-in does. */
    enum State {
        UP("answers"),
        DOWN("answers 503"),
        SLOW("answers after " + SLOWNESS.toMillis() + " ms"),
        WRONG("answers an HTML page with status 200"),
        HANG("does not answer");

        private final String effect;

        State(String effect) {
            this.effect = effect;
        }

        String effect() {
            return effect;
        }

        /** The name in a path. */
        String path() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<State> of(String path) {
            return List.of(values()).stream()
                    .filter(state -> state.path().equals(path))
                    .findFirst();
        }
    }

    /** What can fail: a stand-in, unless a setting names a real one. */
    static final class Part {
        private final String path;
        private final String name;
        private final StandInEndpoint endpoint;
        private final boolean real;
        private volatile State state = State.UP;

        private Part(String path, String name, StandInEndpoint endpoint, boolean real) {
            this.path = path;
            this.name = name;
            this.endpoint = endpoint;
            this.real = real;
        }

        /** The name in a path. */
        String path() {
            return path;
        }

        /** The name for people. */
        String name() {
            return name;
        }

        /** Whether the function asks a real one, which has no faults to switch on. */
        boolean real() {
            return real;
        }

        State state() {
            return state;
        }

        void switchTo(State wanted) {
            switch (wanted) {
                case UP -> endpoint.usually();
                case DOWN -> endpoint.always(StandInReply.status(503));
                case SLOW -> endpoint.usuallyAfter(SLOWNESS);
                case WRONG -> endpoint.always(wrongAnswer());
                case HANG -> endpoint.always(StandInReply.never());
            }
            state = wanted;
        }

        private static StandInReply wrongAnswer() {
            return StandInReply.of(
                    200,
                    Map.of("Content-Type", "text/html"),
                    "<!doctype html><title>Welcome</title>".getBytes(StandardCharsets.UTF_8));
        }
    }

    List<Part> parts() {
        return List.copyOf(parts);
    }

    Optional<Part> part(String path) {
        return parts.stream().filter(part -> part.path().equals(path)).findFirst();
    }
}
