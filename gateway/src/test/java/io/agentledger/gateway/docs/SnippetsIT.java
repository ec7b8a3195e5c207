package io.agentledger.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.agentledger.gateway.ApiTestServer;
import io.agentledger.store.NpmPackages;
import io.agentledger.store.TestInstallation;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Executes the code of the documents against a service in rehearsal mode. The blocks of a page are
 * one script, in the order of the page, so that a block can use what an earlier one has set. A
 * block is exempt by {@code <!-- not executed: REASON -->} before it.
 */
@Tag("exhaustive")
class SnippetsIT {
  private static final Map<String, List<Snippet>> PAGES = Snippet.byPage();

  /** The page with the definitions that the others use. */
  private static final String DEFINITIONS = "docs/README.md";

  /**
   * Lets a failed request fail the script, and ends a stream that follows a session after five
   * seconds.
   */
  private static final String PRELUDE =
      """
      set -euo pipefail
      trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
      curl() {
        local status=0 seconds=120
        if [[ "$*" == */events?after=* ]]; then seconds=5; fi
        command curl --show-error --fail-with-body --max-time $seconds "$@" || status=$?
        if ((status == 28 && seconds == 5)); then status=0; fi
        return $status
      }
      """;

  /** An image of one pixel. */
  private static final String IMAGE =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
          + "rkJggg==";

  private static final int SECONDS_MAX = 300;

  @TempDir static Path folder;
  private static ApiTestServer server;
  private static int hookPort;
  private static int webhookPort;
  private static int extensionPort;

  /** The pages wait more than they compute, so several run at the same time. */
  private static ExecutorService pagesAtATime;

  private static final Map<String, Future<Run>> runs = new HashMap<>();

  @BeforeAll
  static void open() throws IOException {
    NpmPackages.install(packages().getParent());
    hookPort = freePort();
    webhookPort = freePort();
    extensionPort = freePort();
    server =
        ApiTestServer.openService(
            folder.resolve("home"),
            "--agentledger.model.rehearsal-prices=true",
            "--agentledger.outbound.allowed-networks=127.0.0.0/8",
            "--agentledger.outbound.ports=" + hookPort + "," + webhookPort + "," + extensionPort,
            "--agentledger.quota.user.calls-per-minute=100000",
            "--agentledger.quota.user.calls-per-hour=1000000",
            "--agentledger.quota.user.sessions=100");
    pagesAtATime = Executors.newFixedThreadPool(3);
    pages().forEach(page -> runs.put(page, pagesAtATime.submit(() -> run(page))));
  }

  @AfterAll
  static void close() {
    pagesAtATime.close();
    server.close();
  }

  private static Path packages() {
    return ApiTestServer.root().resolve("gateway/src/test/js/node_modules");
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  static Stream<String> pages() {
    return PAGES.entrySet().stream()
        .filter(page -> page.getValue().stream().anyMatch(Snippet::isExecuted))
        .map(Map.Entry::getKey);
  }

  static Stream<Snippet> exemptions() {
    return PAGES.values().stream().flatMap(List::stream).filter(block -> !block.isExecuted());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void codeOfAPageRuns(String page) throws Exception {
    var run = runs.get(page).get();
    assertThat(run.exitValue()).as("%s: %s", page, run.output()).isZero();
  }

  /** Exit value of a page's script, and the end of its output. */
  private record Run(int exitValue, String output) {}

  private static Run run(String page) throws Exception {
    var script = new StringBuilder(PRELUDE).append(definitions());
    var work = workFolder(page);
    for (var snippet : PAGES.get(page))
      if (snippet.isExecuted()) script.append(lines(snippet, work));
    var file = Files.writeString(work.resolve("page.sh"), adapted(script.toString()));
    var builder = new ProcessBuilder("bash", file.toString()).directory(work.toFile());
    builder.environment().put("AGENTLEDGER_URL", server.uri("").toString());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    var output = work.resolve("output");
    var process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      boolean ended = process.waitFor(SECONDS_MAX, TimeUnit.SECONDS);
      return new Run(ended ? process.exitValue() : -1, end(output));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static String definitions() {
    return PAGES.get(DEFINITIONS).getFirst().text();
  }

  /** Returns the command for a block; programs that a later block starts are only saved. */
  private static String lines(Snippet snippet, Path work) throws IOException {
    var step = "echo '== " + snippet + "'\n";
    if (snippet.language().equals("sh")) return step + snippet.text();
    var saved = snippet.fileName();
    assertThat(saved.isPresent() || snippet.language().equals("java"))
        .as("%s begins with the name of its file", snippet)
        .isTrue();
    var file = work.resolve(saved.orElse("Program" + snippet.line() + ".java"));
    Files.writeString(file, adapted(snippet.text()));
    if (saved.isPresent()) return step;
    var java = Path.of(System.getProperty("java.home"), "bin", "java");
    return step
        + "timeout 120 %s %s %s\n"
            .formatted(java, String.join(" ", TestInstallation.JVM_OPTIONS), file);
  }

  /** Replaces the addresses of the documents by those of this service. */
  private static String adapted(String text) {
    return text.replace("127.0.0.1:8080", "127.0.0.1:" + server.port())
        .replace("port: 7878", "port: " + server.rsocketPort())
        .replace("9000", String.valueOf(hookPort))
        .replace("9100", String.valueOf(webhookPort))
        .replace("9200", String.valueOf(extensionPort));
  }

  /** Creates a folder with what the root of the repository contains for the reader. */
  private static Path workFolder(String page) throws IOException {
    var work = Files.createDirectory(folder.resolve(page.replace('/', '-')));
    var hello = Files.createDirectories(work.resolve("examples/hello"));
    try (var files = Files.list(ApiTestServer.root().resolve("examples/hello"))) {
      for (var file : files.toList()) Files.copy(file, hello.resolve(file.getFileName()));
    }
    Files.writeString(
        Files.createDirectory(work.resolve("data")).resolve("owner.key"), server.key());
    Files.write(work.resolve("shot.png"), Base64.getDecoder().decode(IMAGE));
    Files.createSymbolicLink(work.resolve("node_modules"), packages());
    return work;
  }

  private static String end(Path output) throws IOException {
    var text = Files.readString(output);
    return text.substring(Math.max(0, text.length() - 6000));
  }

  @ParameterizedTest
  @MethodSource("exemptions")
  void exemptCodeHasAReason(Snippet snippet) {
    assertThat(snippet.reason()).hasSizeGreaterThan(20);
    abort(snippet + " is not executed: " + snippet.reason());
  }
}
