package io.agentledger.client.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests of the script {@code examples/run-all}, with fake examples and tools. */
@Timeout(180)
class ExamplesScriptTest {
  private static final List<String> SHELL_TOOLS =
      List.of(
          "bash",
          "env",
          "dirname",
          "find",
          "sed",
          "sort",
          "diff",
          "mktemp",
          "rm",
          "cat",
          "tail",
          "readlink",
          "ls",
          "head");

  @TempDir Path folder;

  private Path examples;
  private Path bin;

  private record ProcessOutput(int status, String text) {}

  @BeforeEach
  void createExamples() throws IOException {
    examples = Files.createDirectories(folder.resolve("examples"));
    bin = Files.createDirectories(folder.resolve("bin"));
    var script = Files.readString(Path.of("..", "examples", "run-all"));
    executable(
        examples.resolve("run-all"), script.replace("/usr/lib/jvm/*", "'" + folder + "'/jdk*"));
    example("curl/first.sh");
    example("node/second.mjs");
    example("java/Third.java");
    for (var tool : SHELL_TOOLS)
      executable(bin.resolve(tool), "#!/bin/sh\nexec /usr/bin/" + tool + " \"$@\"\n");
    executable(bin.resolve("curl"), "#!/bin/sh\n");
    executable(bin.resolve("jq"), "#!/bin/sh\n");
    executable(bin.resolve("node"), "#!/bin/sh\necho expected\n");
  }

  private void example(String name) throws IOException {
    executable(examples.resolve(name), "#!/bin/sh\necho expected\n");
    Files.writeString(
        examples.resolve(name.substring(0, name.lastIndexOf('.')) + ".expected"), "expected\n");
  }

  private static void executable(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void examplesThatLackSomethingAreSkippedWithTheReasonAndTheOthersRun() throws Exception {
    executable(bin.resolve("npm"), "#!/bin/sh\necho no network >&2\nexit 1\n");
    var output = runAll();
    assertThat(output.text())
        .contains("ok      curl/first\n")
        .contains("skipped node/second\n", "npm cannot install the packages", "no network")
        .contains("skipped java/Third\n", "No JDK 25 or later: not in JAVA_HOME (unset)");
    assertThat(output.status()).isZero();
  }

  @Test
  void jdkThatWasFoundIsUsed() throws Exception {
    executable(folder.resolve("jdk21/bin/java"), "#!/bin/sh\necho too old\n");
    Files.writeString(folder.resolve("jdk21/release"), "JAVA_VERSION=\"21.0.1\"\n");
    executable(folder.resolve("jdk25/bin/java"), "#!/bin/sh\necho expected\n");
    Files.writeString(folder.resolve("jdk25/release"), "JAVA_VERSION=\"25.0.1\"\n");
    Files.createDirectories(folder.resolve(".build/1/client"));
    assertThat(runAll("java")).isEqualTo(new ProcessOutput(0, "ok      java/Third\n"));
  }

  @Test
  void otherOutputFails() throws Exception {
    executable(examples.resolve("curl/first.sh"), "#!/bin/sh\necho other\n");
    var output = runAll("curl");
    assertThat(output.text()).contains("FAILED  curl/first", "< expected", "> other");
    assertThat(output.status()).isEqualTo(1);
  }

  @Test
  void everythingThatIsMissingIsListed() throws Exception {
    Files.delete(bin.resolve("curl"));
    Files.delete(bin.resolve("jq"));
    assertThat(runAll())
        .isEqualTo(
            new ProcessOutput(1, "run-all: missing: curl jq. Every example needs curl and jq.\n"));
  }

  private ProcessOutput runAll(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of(examples.resolve("run-all").toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("AGENTLEDGER_"));
    builder.environment().remove("JAVA_HOME");
    builder.environment().put("PATH", bin.toString());
    builder.environment().put("AGENTLEDGER_URL", "http://127.0.0.1:1");
    var process = builder.start();
    try (var reader = process.inputReader()) {
      var text = reader.readAllAsString();
      return new ProcessOutput(process.waitFor(), text);
    }
  }
}
