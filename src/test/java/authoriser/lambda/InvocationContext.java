package authoriser.lambda;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/** The context of an invocation of the handler without Lambda, which logs bytes only. */
public final class InvocationContext implements Context {
    private final String requestId;
    private final String traceId;
    private final IntSupplier remainingMillis;
    private final LambdaLogger logger;

    /**
     * Makes the context of one invocation.
     *
     * @param traceId null for an invocation without a trace
     * @param log gets each log line
     */
    public InvocationContext(
            String requestId, String traceId, IntSupplier remainingMillis, Consumer<byte[]> log) {
        this.requestId = requestId;
        this.traceId = traceId;
        this.remainingMillis = remainingMillis;
        this.logger = new BytesLogger(log);
    }

    private record BytesLogger(Consumer<byte[]> log) implements LambdaLogger {
        @Override
        public void log(byte[] message) {
            log.accept(message);
        }

        @Override
        public void log(String message) {
            throw new UnsupportedOperationException();
        }
    }

    @Override
    public String getAwsRequestId() {
        return requestId;
    }

    @Override
    public String getXrayTraceId() {
        return traceId;
    }

    @Override
    public int getRemainingTimeInMillis() {
        return remainingMillis.getAsInt();
    }

    @Override
    public LambdaLogger getLogger() {
        return logger;
    }

    @Override
    public String getLogGroupName() {
        return "";
    }

    @Override
    public String getLogStreamName() {
        return "";
    }

    @Override
    public String getFunctionName() {
        return "";
    }

    @Override
    public String getFunctionVersion() {
        return "";
    }

    @Override
    public String getInvokedFunctionArn() {
        return "";
    }

    @Override
    public CognitoIdentity getIdentity() {
        throw new UnsupportedOperationException();
    }

    @Override
    public ClientContext getClientContext() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int getMemoryLimitInMB() {
        return 1_024;
    }
}
