package dev.rollcall.server.http;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rollcall.server.http.HttpMetrics.DropReason;
import dev.rollcall.server.http.TestServer.Parked;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP over TLS. */
class TlsIT {
    @TempDir
    static Path directory;

    static SelfSignedCertificate certificate;

    @BeforeAll
    static void createCertificate() throws Exception {
        certificate = SelfSignedCertificate.create(directory);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void protocol_isAgreedOnByAlpn(HttpClient.Version version) throws Exception {
        try (TestServer server = TestServer.start(certificate.files())) {
            HttpClient client = HttpClient.newBuilder()
                    .version(version)
                    .sslContext(certificate.clientContext())
                    .build();
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + "/a"))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.version()).isEqualTo(version);
            assertThat(answer.body()).isEqualTo("GET /a null ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void version_isSupportedWithoutAlpn(String version) throws Exception {
        try (TestServer server = TestServer.start(certificate.files());
                RawClient client = new RawClient(socket(server.port(), version))) {
            assertThat(client.get("/a").read().text()).isEqualTo("GET /a null ");
        }
    }

    @Test
    void oldVersions_areOff() {
        SSLEngine engine = TlsContext.create(certificate.files()).newEngine(UnpooledByteBufAllocator.DEFAULT);
        assertThat(engine.getEnabledProtocols()).containsExactlyInAnyOrder("TLSv1.2", "TLSv1.3");
    }

    @Test
    void malformedRequest_isAnsweredBeforeClose() throws Exception {
        try (TestServer server = TestServer.start(certificate.files());
                RawClient client = new RawClient(socket(server.port(), "TLSv1.3"))) {
            RawClient.Answer answer = client.send("NONSENSE\r\n\r\n").read();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void close_isNoticedWhileParked() throws Exception {
        try (TestServer server = TestServer.start(certificate.files());
                RawClient client = new RawClient(socket(server.port(), "TLSv1.3"))) {
            Parked parked = server.park(client);
            CountDownLatch gone = new CountDownLatch(1);
            parked.exchange().onDisconnect(gone::countDown);
            client.reset();
            assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void renegotiation_isRefused() throws Exception {
        try (TestServer server = TestServer.start(certificate.files());
                SSLSocket socket = socket(server.port(), "TLSv1.2")) {
            RawClient client = new RawClient(socket);
            assertThat(client.get("/a").read().status()).isEqualTo(200);
            socket.startHandshake();
            assertThatThrownBy(() -> client.get("/b").read()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void plainText_isDropped() throws Exception {
        try (TestServer server = TestServer.start(certificate.files());
                RawClient client = server.connect()) {
            client.get("/");
            await().until(() -> server.drops.contains(DropReason.TLS_HANDSHAKE));
            await().until(() -> server.closed.get() == 1);
        }
    }

    @Test
    void files_thatAreNoCertificateAreRefusedAtBind() throws Exception {
        Path empty = Files.createFile(directory.resolve("empty"));
        assertThatThrownBy(() -> TestServer.start(new TlsFiles(empty, empty)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tls: cannot use");
    }

    @Test
    void idleConnection_isClosed() throws Exception {
        try (TestServer server = TestServer.start(certificate.files());
                RawClient client = new RawClient(socket(server.port(), "TLSv1.3"))) {
            client.get("/").read();
            server.elapse(ofSeconds(320));
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    private static SSLSocket socket(int port, String version) throws Exception {
        SSLSocket socket =
                (SSLSocket) certificate.clientContext().getSocketFactory().createSocket("localhost", port);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {version});
        socket.setSSLParameters(parameters);
        return socket;
    }
}
