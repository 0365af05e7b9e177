package dev.rollcall.server.http.listen;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.rollcall.engine.daemon.Daemons;
import dev.rollcall.server.http.HttpMetrics.DropReason;
import dev.rollcall.server.http.TlsFiles;
import dev.rollcall.server.http.listen.TestServer.Parked;
import dev.rollcall.server.http.tls.TlsContext;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
import org.slf4j.LoggerFactory;

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
            assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();
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
    void certificateThatChanges_isUsedByTheConnectionsThatFollow(@TempDir Path other) throws Exception {
        SelfSignedCertificate old = SelfSignedCertificate.create(Files.createDirectory(other.resolve("old")));
        SelfSignedCertificate renewed = SelfSignedCertificate.create(Files.createDirectory(other.resolve("renewed")));
        try (TestServer server = TestServer.start(old.files());
                CertificateWatch watch = CertificateWatch.start(
                        old.files(), server.server, new Daemons(System::nanoTime).thread("certificate"));
                RawClient open = new RawClient(socket(old, server.port(), "TLSv1.3"))) {
            assertThat(open.get("/a").read().status()).isEqualTo(200);
            assertThat(watch).isNotNull();
            Files.copy(renewed.files().certificateChain(), old.files().certificateChain(), REPLACE_EXISTING);
            Files.copy(renewed.files().privateKey(), old.files().privateKey(), REPLACE_EXISTING);
            await().ignoreExceptions().until(() -> {
                try (RawClient client = new RawClient(socket(renewed, server.port(), "TLSv1.3"))) {
                    return client.get("/b").read().status() == 200;
                }
            });
            assertThat(open.get("/c").read().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void certificateThatCannotBeUsed_changesNothingAndIsLogged(boolean isOfAnotherKey, @TempDir Path other)
            throws Exception {
        SelfSignedCertificate old = SelfSignedCertificate.create(Files.createDirectory(other.resolve("old")));
        SelfSignedCertificate renewed = SelfSignedCertificate.create(Files.createDirectory(other.resolve("renewed")));
        Path file = old.files().certificateChain();
        Logger logger = (Logger) LoggerFactory.getLogger(CertificateWatch.class);
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        logger.addAppender(logged);
        try (TestServer server = TestServer.start(old.files());
                CertificateWatch watch = CertificateWatch.start(
                        old.files(), server.server, new Daemons(System::nanoTime).thread("certificate"))) {
            assertThat(watch).isNotNull();
            if (isOfAnotherKey) {
                Files.copy(renewed.files().certificateChain(), file, REPLACE_EXISTING);
            } else {
                Files.writeString(file, "nonsense");
            }
            await().untilAsserted(() -> assertThat(List.copyOf(logged.list)).anySatisfy(event -> {
                assertThat(event.getLevel()).isEqualTo(Level.ERROR);
                assertThat(event.getFormattedMessage()).contains(file.toString());
            }));
            try (RawClient client = new RawClient(socket(old, server.port(), "TLSv1.3"))) {
                assertThat(client.get("/a").read().status()).isEqualTo(200);
            }
        } finally {
            logger.detachAppender(logged);
        }
    }

    /** The files are the same, so nothing but the signal has them read. */
    @Test
    void hangup_hasTheCertificateReadAgain() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(CertificateWatch.class);
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        logger.addAppender(logged);
        try (TestServer server = TestServer.start(certificate.files());
                CertificateWatch watch = CertificateWatch.start(
                        certificate.files(), server.server, new Daemons(System::nanoTime).thread("certificate"))) {
            assertThat(watch).isNotNull();
            String process = Long.toString(ProcessHandle.current().pid());
            assertThat(new ProcessBuilder("kill", "-HUP", process).start().waitFor())
                    .isZero();
            await().untilAsserted(() -> assertThat(List.copyOf(logged.list))
                    .anySatisfy(event -> assertThat(event.getFormattedMessage()).startsWith("certificate read again")));
            try (RawClient client = new RawClient(socket(server.port(), "TLSv1.3"))) {
                assertThat(client.get("/a").read().status()).isEqualTo(200);
            }
        } finally {
            logger.detachAppender(logged);
        }
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

    @Test
    void recordThatIsNotWhole_isCountedAndHasTheTimeOfARequest() throws Exception {
        try (TestServer server = TestServer.start(certificate.files());
                Socket plain = new Socket("localhost", server.port());
                SSLSocket socket = (SSLSocket) certificate
                        .clientContext()
                        .getSocketFactory()
                        .createSocket(plain, "localhost", server.port(), true)) {
            OutputStream out = socket.getOutputStream();
            out.write("GET /a HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            await().until(() -> server.server.bufferedBytes() == 0);

            byte[] part = new byte[10_000];
            System.arraycopy(new byte[] {23, 3, 3, 0x40, 0}, 0, part, 0, 5);
            plain.getOutputStream().write(part);

            await().until(() -> server.server.bufferedBytes() >= part.length);
            server.elapse(ofSeconds(11));
            await().until(() -> server.drops.contains(DropReason.REQUEST_TIMEOUT));
            await().until(() -> server.server.bufferedBytes() == 0);
        }
    }

    @Test
    void longRequests_leaveNothingCounted() throws Exception {
        String body = "x".repeat(1_500_000);
        try (TestServer server = TestServer.start(certificate.files());
                RawClient client = new RawClient(socket(server.port(), "TLSv1.3"))) {
            for (int i = 0; i < 3; i++) {
                client.send("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
                assertThat(client.read().status()).isEqualTo(200);
            }
            await().until(() -> server.server.bufferedBytes() == 0);
            assertThat(server.drops).isEmpty();
        }
    }

    private static SSLSocket socket(int port, String version) throws Exception {
        return socket(certificate, port, version);
    }

    private static SSLSocket socket(SelfSignedCertificate trusted, int port, String version) throws Exception {
        SSLSocket socket =
                (SSLSocket) trusted.clientContext().getSocketFactory().createSocket("localhost", port);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {version});
        socket.setSSLParameters(parameters);
        return socket;
    }

    @Test
    void handshakesOfOneAddress_areBoundedWhileTheyLast() throws Exception {
        try (TestServer server = TestServer.start(certificate.files(), limits -> limits.maxHandshakesPerAddress(5))) {
            List<RawClient> silent = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                silent.add(server.connect());
            }
            await().until(() -> server.opened.get() == 5);
            try (RawClient onceMore = server.connect()) {
                assertThat(onceMore.isAtEnd()).isTrue();
            }
            assertThat(server.drops).containsExactly(DropReason.TLS_HANDSHAKE_LIMIT);
            for (RawClient client : silent) {
                client.close();
            }
            await().until(() -> server.closed.get() == 6);
            for (int i = 0; i < 10; i++) {
                try (SSLSocket socket = (SSLSocket)
                        certificate.clientContext().getSocketFactory().createSocket("localhost", server.port())) {
                    socket.startHandshake();
                }
            }
            assertThat(server.drops).doesNotHaveDuplicates();
        }
    }
}
