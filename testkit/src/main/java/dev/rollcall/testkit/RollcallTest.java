package dev.rollcall.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Gives the tests of a class a {@link RollcallTestServer}: as a parameter of that type, or as its {@link TestClock}, {@link Timeline}, a
 * {@link java.net.URI}, a {@code @RollcallOrigin String}, a {@code @RollcallUser("alice") TestUser} or a {@code @RollcallUser("alice")
 * RollcallClient}. Before each test the server is as if new. When a test fails the timeline is printed, with
 * {@code -Drollcall.timeline=always} after every test.
 *
 * <p>Works with JUnit 5.12 and later. Tests that run in parallel take turns with a shared server.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(RollcallExtension.class)
@ResourceLock(providers = SharedServerLock.class)
public @interface RollcallTest {
    /** Whether there is one server for all classes that say the same here, or one for each test method. */
    boolean shared() default true;

    /** How the clock is at the start of each test. */
    ClockMode clock() default ClockMode.MOVABLE;

    /**
     * What the clock of the server shows at first, such as {@code 2026-03-01T12:00:00Z}; the time of the machine if empty. A shared server
     * shows it to the first test alone: its clock never goes back.
     */
    String startAt() default "";

    /** The configuration: a file, or {@code classpath:} and the name of a resource; one keyset, {@code demo}, if empty. */
    String config() default "";
}
