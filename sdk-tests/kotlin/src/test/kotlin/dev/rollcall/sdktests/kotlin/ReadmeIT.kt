package dev.rollcall.sdktests.kotlin

import com.pubnub.api.PubNub
import com.pubnub.api.UserId
import dev.rollcall.server.RollcallServer
import dev.rollcall.server.config.RollcallConfig
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import java.nio.file.Files
import java.nio.file.Path

/** The README's Kotlin snippet, word for word but for the address, against a server. */
internal class ReadmeIT {
    @Test
    fun snippet_works() {
        RollcallServer.start(RollcallConfig.development().withPort(0).withAdminPort(0)).use { server ->
            val address = "127.0.0.1:${server.port()}"
            // README
            val pubnub = PubNub.create(UserId("alice"), "demo") {
                publishKey = "demo"
                origin = address
                secure = false
            }
            // README
            assertThat(pubnub.publish("lobby", "hello").sync().timetoken).isPositive()
            pubnub.setPresenceState(listOf("lobby"), listOf(), mapOf("mood" to "good")).sync()
            assertThat(pubnub.getPresenceState(listOf("lobby")).sync().stateByUUID.getValue("lobby").toString())
                .isEqualTo("{\"mood\":\"good\"}")
            pubnub.forceDestroy()
        }
    }

    @Test
    fun snippet_isThatOfTheReadme() {
        val root = Path.of(System.getProperty("basedir", ".")).resolve("../..")
        val readme = Files.readString(root.resolve("README.md"))
        val told = readme.substringAfter("```kotlin\n").substringBefore("```")
            .lines().filterNot { it.startsWith("//") }.joinToString("\n")
        val here = Path.of("src/test/kotlin/dev/rollcall/sdktests/kotlin/ReadmeIT.kt")
        val run = Files.readString(root.resolve("sdk-tests/kotlin").resolve(here))
            .substringAfter("// README\n").substringBefore("// README").trimIndent()
        assertThat(told.trim()).isEqualTo(run.replace("= address", "= \"127.0.0.1:8090\"").trim())
    }
}
