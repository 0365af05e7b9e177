package dev.rollcall.testkit;

import java.util.Set;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLocksProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/** Has test classes with a shared server take turns. */
final class SharedServerLock implements ResourceLocksProvider {
    private static final Set<Lock> LOCKED = Set.of(new Lock("dev.rollcall.testkit", ResourceAccessMode.READ_WRITE));

    @Override
    public Set<Lock> provideForClass(Class<?> testClass) {
        return AnnotationSupport.findAnnotation(testClass, RollcallTest.class)
                        .map(RollcallTest::shared)
                        .orElse(true)
                ? LOCKED
                : Set.of();
    }
}
