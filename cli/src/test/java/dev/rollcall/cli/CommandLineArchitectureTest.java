package dev.rollcall.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Holds the arrows of the command line: to what the client shows, and to nothing of the server. */
@AnalyzeClasses(packages = "dev.rollcall.cli", importOptions = ImportOption.DoNotIncludeTests.class)
class CommandLineArchitectureTest {
    @ArchTest
    static final ArchRule commandLineKnowsTheClientAndTheProtocol = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.rollcall.cli..",
                    "dev.rollcall.protocol..",
                    "dev.rollcall.client",
                    "dev.rollcall.client.access",
                    "dev.rollcall.client.admin",
                    "dev.rollcall.client.call",
                    "dev.rollcall.client.transport",
                    "java..",
                    "javax.net.ssl..",
                    "picocli..",
                    "com.fasterxml.jackson..",
                    "org.yaml.snakeyaml..",
                    "org.jspecify..");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("dev.rollcall.cli.(*)..").should().beFreeOfCycles();
}
