package dev.rollcall.engine.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FatalErrorsTest {
    /** As Netty's for its direct memory. */
    private static final class OutOfOtherMemoryError extends OutOfMemoryError {
        OutOfOtherMemoryError() {
            super("Java heap space");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Java heap space",
                "Java heap space: failed reallocation of scalar replaced objects",
                "GC overhead limit exceeded",
                "Metaspace",
                "Compressed class space"
            })
    void isFatal_ofAFullHeap(String message) {
        assertThat(FatalErrors.isFatal(new OutOfMemoryError(message))).isTrue();
        assertThat(FatalErrors.isFatal(new CompletionException(new OutOfMemoryError(message))))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unable to create native thread: possibly out of memory or process/resource limits reached",
                "Cannot reserve 4194304 bytes of direct buffer memory (allocated: 1, limit: 2)",
                "Direct buffer memory",
                "Requested array size exceeds VM limit",
                "Required length exceeds implementation limit",
                "Map failed"
            })
    void isFatal_notOfAnotherLimit(String message) {
        assertThat(FatalErrors.isFatal(new OutOfMemoryError(message))).isFalse();
    }

    @Test
    void isFatal_ofInternalErrorsAndNoOthers() {
        assertThat(FatalErrors.isFatal(new OutOfMemoryError())).isTrue();
        assertThat(FatalErrors.isFatal(new InternalError("x"))).isTrue();
        assertThat(FatalErrors.isFatal(new OutOfOtherMemoryError())).isFalse();
        assertThat(FatalErrors.isFatal(new StackOverflowError())).isFalse();
        assertThat(FatalErrors.isFatal(new AssertionError())).isFalse();
        assertThat(FatalErrors.isFatal(new NoClassDefFoundError())).isFalse();
    }

    @Test
    void isFatal_ofCausesInACircle() {
        Exception first = new Exception("first");
        Exception second = new Exception("second", first);
        first.initCause(second);
        assertThat(FatalErrors.isFatal(second)).isFalse();
    }

    @Test
    void check_leavesAProcessAloneThatIsNotTheServers() {
        assertThatCode(() -> FatalErrors.check(new OutOfMemoryError("Java heap space")))
                .doesNotThrowAnyException();
    }
}
