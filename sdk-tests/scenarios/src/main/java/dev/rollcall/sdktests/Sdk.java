package dev.rollcall.sdktests;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The SDK under test. A test class implements this and the scenarios that its SDK can play. Scenarios begin in their order, which by itself
 * would have them run one by one, hence the word on execution.
 */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(StageExtension.class)
public interface Sdk {

    /** Opens a client. It has subscribed to nothing yet. */
    SdkClient open(ClientSettings settings);
}
