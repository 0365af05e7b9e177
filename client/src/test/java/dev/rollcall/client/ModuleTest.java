package dev.rollcall.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The client as a module: it resolves with what it says it needs, and shows what it says it shows. */
class ModuleTest {
    private static Path home(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static ModuleLayer layer() {
        ModuleFinder finder = ModuleFinder.of(Stream.of(
                        RollcallClient.class,
                        dev.rollcall.protocol.Timetoken.class,
                        com.fasterxml.jackson.databind.ObjectMapper.class,
                        com.fasterxml.jackson.core.JsonFactory.class,
                        com.fasterxml.jackson.annotation.JsonProperty.class)
                .map(ModuleTest::home)
                .toArray(Path[]::new));
        Configuration configuration =
                ModuleLayer.boot().configuration().resolve(finder, ModuleFinder.of(), Set.of("dev.rollcall.client"));
        return ModuleLayer.boot().defineModulesWithOneLoader(configuration, ClassLoader.getPlatformClassLoader());
    }

    @Test
    void module_exportsWhatUsersSeeAndNeedsJdkAndJacksonOnly() {
        ModuleDescriptor descriptor =
                layer().findModule("dev.rollcall.client").orElseThrow().getDescriptor();
        assertThat(descriptor.exports().stream().map(ModuleDescriptor.Exports::source))
                .containsExactlyInAnyOrder(
                        "dev.rollcall.client",
                        "dev.rollcall.client.access",
                        "dev.rollcall.client.admin",
                        "dev.rollcall.client.call",
                        "dev.rollcall.client.retry",
                        "dev.rollcall.client.roster",
                        "dev.rollcall.client.testing",
                        "dev.rollcall.client.transport");
        Set<String> needed = descriptor.requires().stream()
                .filter(requires -> !requires.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
                .map(ModuleDescriptor.Requires::name)
                .collect(Collectors.toSet());
        assertThat(needed)
                .isEqualTo(Set.of(
                        "java.base", "java.net.http", "com.fasterxml.jackson.databind", "dev.rollcall.protocol"));
    }

    @Test
    void module_worksOnTheModulePath() throws ReflectiveOperationException {
        Class<?> config = layer().findLoader("dev.rollcall.client").loadClass(ClientConfig.class.getName());
        assertThat(config.getModule().isNamed()).isTrue();
        Method builder = config.getMethod("builder", String.class, String.class);
        Object built = builder.invoke(null, "demo", "me");
        assertThat(built.getClass().getMethod("build").invoke(built)).isInstanceOf(config);
        assertThat(List.of(config.getPackageName())).containsExactly("dev.rollcall.client");
    }
}
