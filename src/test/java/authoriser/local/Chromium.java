package authoriser.local;

import authoriser.standin.TestJson;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Chromium without a window, with one page, driven over the DevTools protocol. */
final class Chromium implements AutoCloseable {
    /** For a machine with much other work. */
    private static final int LIMIT_SECONDS = 60;

    private static final Map<String, Integer> KEY_CODES = Map.of("Tab", 9, "Enter", 13);

    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<Integer, CompletableFuture<JsonNode>> calls = new ConcurrentHashMap<>();
    private final List<JsonNode> events = new ArrayList<>();
    private final WebSocket socket;
    private final String session;
    private int lastCall;

    private Chromium(Process process, URI devTools) {
        this.process = process;
        this.socket = client.newWebSocketBuilder().buildAsync(devTools, new Receiver()).join();
        String target =
                send(Map.of(
                                "method",
                                "Target.createTarget",
                                "params",
                                Map.of("url", "about:blank")))
                        .path("targetId")
                        .asText();
        this.session =
                send(Map.of(
                                "method",
                                "Target.attachToTarget",
                                "params",
                                Map.of("targetId", target, "flatten", true)))
                        .path("sessionId")
                        .asText();
        for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
            call(domain + ".enable", Map.of());
        }
    }

    /** The program. Not chromium-browser, which only names a snap on Ubuntu. */
    static Optional<Path> program() {
        return Stream.of("chromium", "google-chrome")
                .map(Path.of("/usr/bin")::resolve)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts it with an empty profile. */
    static Chromium start(Path program, Path profile) {
        var builder =
                new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--hide-scrollbars",
                        "--window-size=1100,1400",
                        "--user-data-dir=" + profile,
                        "--remote-debugging-port=0",
                        "about:blank");
        builder.redirectErrorStream(true);
        builder.environment().put("HOME", profile.toString());
        try {
            Process process = builder.start();
            CompletableFuture<URI> devTools = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> read(process, devTools));
            try {
                return new Chromium(
                        process, devTools.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join());
            } catch (RuntimeException e) {
                end(process);
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(program + " can't be started", e);
        }
    }

    private static void read(Process process, CompletableFuture<URI> devTools) {
        String announcement = "DevTools listening on ";
        List<String> lines = new ArrayList<>();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
                if (line.startsWith(announcement)) {
                    devTools.complete(URI.create(line.substring(announcement.length()).strip()));
                }
            }
        } catch (IOException e) {
            lines.add(e.toString());
        }
        devTools.completeExceptionally(
                new IllegalStateException("Chromium has ended: " + String.join("\n", lines)));
    }

    /** Puts messages together, and hands them to whoever waits for them. */
    private final class Receiver implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                JsonNode message = TestJson.read(text.toString().getBytes(StandardCharsets.UTF_8));
                text.setLength(0);
                if (message.has("id")) {
                    calls.remove(message.path("id").asInt()).complete(message);
                } else {
                    add(message);
                }
            }
            from.request(1);
            return null;
        }
    }

    private void add(JsonNode event) {
        synchronized (events) {
            events.add(event);
            events.notifyAll();
        }
    }

    /** Calls a method for the page, and returns its result. */
    JsonNode call(String method, Map<String, Object> parameters) {
        return send(Map.of("method", method, "params", parameters, "sessionId", session));
    }

    private JsonNode send(Map<String, Object> message) {
        Map<String, Object> numbered = new HashMap<>(message);
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        synchronized (calls) {
            numbered.put("id", ++lastCall);
            calls.put(lastCall, answer);
            socket.sendText(TestJson.text(numbered), true).join();
        }
        JsonNode received = answer.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
        if (received.has("error")) {
            throw new IllegalStateException(message.get("method") + ": " + received.get("error"));
        }
        return received.path("result");
    }

    /** The value of a JavaScript expression in the page; that of a promise when it is fulfilled. */
    JsonNode evaluate(String expression) {
        JsonNode result =
                call(
                        "Runtime.evaluate",
                        Map.of(
                                "expression",
                                expression,
                                "returnByValue",
                                true,
                                "awaitPromise",
                                true));
        if (result.has("exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + result.get("exceptionDetails"));
        }
        return result.at("/result/value");
    }

    /** Goes to a page, and returns when it has loaded. */
    void open(String url) {
        load(() -> call("Page.navigate", Map.of("url", url)));
    }

    /** Does what loads a page, and returns when it has loaded. */
    void load(Runnable action) {
        String loaded = "Page.loadEventFired";
        int before = events(loaded).size();
        action.run();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        synchronized (events) {
            while (events(loaded).size() == before) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    throw new IllegalStateException("The page does not load");
                }
                try {
                    events.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("Interrupted while a page loaded", e);
                }
            }
        }
    }

    /** What was reported under this name so far. */
    List<JsonNode> events(String method) {
        synchronized (events) {
            return events.stream()
                    .filter(event -> event.path("method").asText().equals(method))
                    .map(event -> event.path("params"))
                    .toList();
        }
    }

    /** Forgets what was reported so far. */
    void forgetEvents() {
        synchronized (events) {
            events.clear();
        }
    }

    /** Presses and releases a key. */
    void press(String key) {
        Map<String, Object> down = new HashMap<>();
        down.put("type", "keyDown");
        down.put("key", key);
        down.put("code", key);
        down.put("windowsVirtualKeyCode", KEY_CODES.get(key));
        if (key.equals("Enter")) {
            down.put("text", "\r");
        }
        call("Input.dispatchKeyEvent", down);
        Map<String, Object> up = new HashMap<>(down);
        up.put("type", "keyUp");
        up.remove("text");
        call("Input.dispatchKeyEvent", up);
    }

    /** Lets it end by itself, so that it cleans up its profile, but not for long. */
    @Override
    public void close() {
        synchronized (calls) {
            String message = TestJson.text(Map.of("id", ++lastCall, "method", "Browser.close"));
            calls.put(lastCall, new CompletableFuture<>());
            socket.sendText(message, true).join();
        }
        process.onExit().completeOnTimeout(process, LIMIT_SECONDS, TimeUnit.SECONDS).join();
        socket.abort();
        end(process);
        client.close();
    }

    /** Ends all of its processes, so that none writes into the profile any more. */
    private static void end(Process process) {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(one -> one.onExit().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join());
    }
}
