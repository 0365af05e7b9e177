package dev.rollcall.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** nginx with nchan, one worker, if it is installed. */
final class Nginx {
    private static final String MODULE = "ngx_nchan_module.so";
    private static final List<Path> PROGRAMS =
            List.of(Path.of("/usr/sbin/nginx"), Path.of("/usr/bin/nginx"), Path.of("/usr/local/sbin/nginx"));
    private static final List<Path> MODULES = List.of(
            Path.of("/usr/lib/nginx/modules"), Path.of("/usr/lib64/nginx/modules"), Path.of("/etc/nginx/modules"));

    private Nginx() {}

    /**
     * Starts it.
     *
     * @throws IOException if it is not installed
     */
    static ServerProcess start(String name) throws IOException, InterruptedException {
        Optional<Path> program = existing(PROGRAMS.stream());
        Optional<Path> module = existing(MODULES.stream().map(folder -> folder.resolve(MODULE)));
        if (program.isEmpty() || module.isEmpty()) {
            throw new IOException("nginx with nchan is not installed (libnginx-mod-nchan)");
        }
        Path folder = Files.createTempDirectory("rollcall-bench-nginx");
        // The worker may run as somebody else.
        folder.toFile().setExecutable(true, false);
        int port = Ports.free();
        Path config = folder.resolve("nginx.conf");
        long connections = Math.min(ProcFiles.openFilesLimit() - 100, 100_000);
        Files.writeString(config, configuration(module.get(), folder, port, connections));
        List<String> command =
                List.of(program.get().toString(), "-p", folder.toString(), "-c", config.toString(), "-e", "stderr");
        return ServerProcess.start(name, command, port);
    }

    private static String configuration(Path module, Path folder, int port, long connections) {
        return """
                load_module %1$s;
                daemon off;
                worker_processes 1;
                pid %2$s/nginx.pid;
                error_log %2$s/error.log warn;
                events { worker_connections %4$d; }
                http {
                  access_log off;
                  client_body_temp_path %2$s/body;
                  proxy_temp_path %2$s/proxy;
                  fastcgi_temp_path %2$s/fastcgi;
                  uwsgi_temp_path %2$s/uwsgi;
                  scgi_temp_path %2$s/scgi;
                  keepalive_timeout 3600s;
                  keepalive_requests 1000000000;
                  tcp_nodelay on;
                  nchan_shared_memory_size 256M;
                  server {
                    listen 127.0.0.1:%3$d backlog=4096;
                    location = /sub {
                      nchan_subscriber longpoll;
                      nchan_channel_id room;
                      nchan_subscriber_first_message newest;
                      nchan_subscriber_timeout 280s;
                    }
                    location = /pub {
                      nchan_publisher;
                      nchan_channel_id room;
                      nchan_message_timeout 1200s;
                      nchan_message_buffer_length 100;
                    }
                  }
                }
                """.formatted(module, folder, port, connections);
    }

    private static Optional<Path> existing(Stream<Path> paths) {
        return paths.filter(Files::exists).findFirst();
    }
}
