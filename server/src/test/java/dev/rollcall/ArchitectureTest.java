package dev.rollcall;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;

/** Holds the arrows between the modules, and keeps wall clocks out of the core. */
@AnalyzeClasses(
        packages = "dev.rollcall",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestJars.class})
class ArchitectureTest {
    private static final String PROTOCOL = "dev.rollcall.protocol..";
    private static final String ENGINE = "dev.rollcall.engine..";
    private static final String ENGINE_REDIS = "dev.rollcall.engine.redis..";
    private static final String EMBEDDED = "dev.rollcall.engine.embedded";
    private static final String CONSOLE = "dev.rollcall.console..";
    private static final String SERVER = "dev.rollcall.server..";

    /** The only class of the core that may look at a clock. */
    private static final String SYSTEM_TIME = "dev.rollcall.engine.SystemTime";

    private static final Set<String> CLOCK_METHODS = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.time.Clock.system",
            "java.time.Clock.systemDefaultZone",
            "java.time.Clock.systemUTC",
            "java.time.Instant.now",
            "java.time.LocalDateTime.now",
            "java.time.OffsetDateTime.now",
            "java.time.ZonedDateTime.now");

    @ArchTest
    static final ArchRule arrowsPointOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("protocol")
            .definedBy(PROTOCOL)
            .layer("engine")
            .definedBy(resideInAPackage(ENGINE).and(DescribedPredicate.not(resideInAPackage(ENGINE_REDIS))))
            .optionalLayer("engine-redis")
            .definedBy(ENGINE_REDIS)
            .layer("console")
            .definedBy(CONSOLE)
            .layer("server")
            .definedBy(SERVER)
            .whereLayer("protocol")
            .mayNotAccessAnyLayer()
            .whereLayer("console")
            .mayNotAccessAnyLayer()
            .whereLayer("engine")
            .mayOnlyAccessLayers("protocol")
            .whereLayer("engine-redis")
            .mayOnlyAccessLayers("protocol", "engine");

    @ArchTest
    static final ArchRule protocolKnowsTheJdkOnly = classes()
            .that()
            .resideInAPackage(PROTOCOL)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(PROTOCOL, "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule engineKnowsNeitherHttpNorJson = classes()
            .that()
            .resideInAPackage(ENGINE)
            .and()
            .resideOutsideOfPackage(ENGINE_REDIS)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(PROTOCOL, ENGINE, "java..", "org.jspecify..", "org.slf4j..")
            .andShould()
            .onlyDependOnClassesThat(DescribedPredicate.not(resideInAnyPackage("java.net.http..")));

    @ArchTest
    static final ArchRule timeIsHandedIn = noClasses()
            .that()
            .resideInAnyPackage(PROTOCOL, ENGINE)
            .and()
            .doNotHaveFullyQualifiedName(SYSTEM_TIME)
            .should()
            .accessTargetWhere(readsAClock())
            .because("time comes in as a parameter or an injected clock; only SystemTime reads the machine's");

    @ArchTest
    static final ArchRule modulesHaveNoCycles =
            slices().matching("dev.rollcall.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule serverPackagesHaveNoCycles =
            slices().matching("dev.rollcall.server.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule roomsOfTheEmbeddedEngineHaveNoCycles =
            slices().matching("dev.rollcall.engine.embedded.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule roomsOfTheEmbeddedEnginePointOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("tools")
            .definedBy(EMBEDDED + ".lock..", EMBEDDED + ".table..", EMBEDDED + ".account..")
            .layer("work")
            .definedBy(EMBEDDED + ".work..")
            .layer("timer")
            .definedBy(EMBEDDED + ".timer..")
            .layer("group")
            .definedBy(EMBEDDED + ".group..")
            .layer("feed")
            .definedBy(EMBEDDED + ".feed..")
            .layer("roster")
            .definedBy(EMBEDDED + ".roster..")
            .layer("poll")
            .definedBy(EMBEDDED + ".poll..")
            .layer("query")
            .definedBy(EMBEDDED + ".query..")
            .layer("snapshot")
            .definedBy(EMBEDDED + ".snapshot..")
            .layer("engine")
            .definedBy(EMBEDDED)
            .whereLayer("tools")
            .mayNotAccessAnyLayer()
            .whereLayer("work")
            .mayOnlyAccessLayers("tools")
            .whereLayer("timer")
            .mayOnlyAccessLayers("tools", "work")
            .whereLayer("group")
            .mayOnlyAccessLayers("tools", "work")
            .whereLayer("feed")
            .mayOnlyAccessLayers("tools", "work", "timer", "group")
            .whereLayer("roster")
            .mayOnlyAccessLayers("tools", "work", "timer", "group", "feed")
            .whereLayer("poll")
            .mayOnlyAccessLayers("tools", "work", "timer", "group", "feed", "roster")
            .whereLayer("query")
            .mayOnlyAccessLayers("tools", "work", "timer", "group", "feed", "roster")
            .whereLayer("snapshot")
            .mayOnlyAccessLayers("tools", "work", "timer", "group", "feed", "roster");

    @ArchTest
    static final ArchRule onlyTheStartKnowsTheEmulator = noClasses()
            .that()
            .resideInAPackage(SERVER)
            .and()
            .resideOutsideOfPackage("dev.rollcall.server.emulator..")
            .and()
            .doNotHaveFullyQualifiedName("dev.rollcall.server.RollcallServer")
            .and()
            .doNotHaveFullyQualifiedName("dev.rollcall.server.EmulateCommand")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.rollcall.server.emulator..")
            .because("a server that was not started as an emulator has no clock that can be moved");

    @ArchTest
    static final ArchRule roomsOfHttpPointOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("words")
            .definedBy("dev.rollcall.server.http")
            .layer("body")
            .definedBy("dev.rollcall.server.http.body")
            .layer("io")
            .definedBy("dev.rollcall.server.http.io")
            .layer("tls")
            .definedBy("dev.rollcall.server.http.tls")
            .layer("h2")
            .definedBy("dev.rollcall.server.http.h2")
            .layer("h1")
            .definedBy("dev.rollcall.server.http.h1")
            .layer("listen")
            .definedBy("dev.rollcall.server.http.listen")
            .whereLayer("words")
            .mayNotAccessAnyLayer()
            .whereLayer("body")
            .mayOnlyAccessLayers("words")
            .whereLayer("tls")
            .mayOnlyAccessLayers("words")
            .whereLayer("io")
            .mayOnlyAccessLayers("words", "body")
            .whereLayer("h2")
            .mayOnlyAccessLayers("words", "body", "io")
            .whereLayer("h1")
            .mayOnlyAccessLayers("words", "body", "io", "h2");

    @ArchTest
    static final ArchRule accessRoomsHaveNoCycles =
            slices().matching("dev.rollcall.server.access.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule accessRoomsDoNotKnowTheDoor = noClasses()
            .that()
            .resideInAPackage("dev.rollcall.server.access.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.rollcall.server.access")
            .because("the door asks about keys, signatures, tokens, grants and patterns; none of them asks the door");

    private static DescribedPredicate<JavaAccess<?>> readsAClock() {
        return DescribedPredicate.describe(
                "reads the machine's clock",
                access -> CLOCK_METHODS.contains(access.getTargetOwner().getFullName() + "." + access.getName()));
    }

    /** Leaves out the jars in which modules hand their test classes to one another. */
    static final class NoTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }
}
