package authoriser.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLSession;

/**
 * A TLS engine whose results a test decides on. Such results are rare or never seen with the
 * engines that are used. The last result of each kind is repeated; without any, it is closed.
 */
final class StubEngine extends SSLEngine {
    private final Deque<SSLEngineResult> wraps = new ArrayDeque<>();
    private final Deque<SSLEngineResult> unwraps = new ArrayDeque<>();
    private final List<Integer> unwrapped = new ArrayList<>();
    private HandshakeStatus atBegin = HandshakeStatus.NOT_HANDSHAKING;
    private int wrapCount;

    /** What the engine asks for at the begin of the handshake. It has none otherwise. */
    StubEngine beginsWith(HandshakeStatus status) {
        atBegin = status;
        return this;
    }

    StubEngine wraps(SSLEngineResult... results) {
        wraps.addAll(List.of(results));
        return this;
    }

    StubEngine unwraps(SSLEngineResult... results) {
        unwraps.addAll(List.of(results));
        return this;
    }

    static SSLEngineResult result(Status status, HandshakeStatus next, int consumed, int produced) {
        return new SSLEngineResult(status, next, consumed, produced);
    }

    int wrapCount() {
        return wrapCount;
    }

    /** How many bytes of the peer there were at each call. */
    List<Integer> unwrapped() {
        return unwrapped;
    }

    private static SSLEngineResult next(Deque<SSLEngineResult> results) {
        if (results.isEmpty()) {
            return result(Status.CLOSED, HandshakeStatus.NOT_HANDSHAKING, 0, 0);
        }
        return results.size() > 1 ? results.removeFirst() : results.getFirst();
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] content, int from, int count, ByteBuffer record) {
        SSLEngineResult result = next(wraps);
        wrapCount++;
        content[from].position(content[from].position() + result.bytesConsumed());
        record.put("c".repeat(result.bytesProduced()).getBytes(StandardCharsets.US_ASCII));
        return result;
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer record, ByteBuffer[] content, int from, int count) {
        SSLEngineResult result = next(unwraps);
        unwrapped.add(record.remaining());
        int consumed = Math.min(result.bytesConsumed(), record.remaining());
        for (int i = 0; i < consumed; i++) {
            byte b = record.get();
            if (i < result.bytesProduced()) {
                content[from].put(b);
            }
        }
        return result;
    }

    @Override
    public HandshakeStatus getHandshakeStatus() {
        return atBegin;
    }

    @Override
    public void beginHandshake() {}

    @Override
    public Runnable getDelegatedTask() {
        return null;
    }

    @Override
    public void closeInbound() {}

    @Override
    public boolean isInboundDone() {
        return false;
    }

    @Override
    public void closeOutbound() {}

    @Override
    public boolean isOutboundDone() {
        return false;
    }

    @Override
    public String[] getSupportedCipherSuites() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String[] getEnabledCipherSuites() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String[] getSupportedProtocols() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String[] getEnabledProtocols() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SSLSession getSession() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setUseClientMode(boolean mode) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean getUseClientMode() {
        return true;
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean getNeedClientAuth() {
        return false;
    }

    @Override
    public void setWantClientAuth(boolean want) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean getWantClientAuth() {
        return false;
    }

    @Override
    public void setEnableSessionCreation(boolean flag) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean getEnableSessionCreation() {
        return true;
    }
}
