package io.agentledger.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.gateway.ApiTestServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Checks that the committed names of the SDK are those of the pinned npm package. */
class SdkSurfaceIT {
  private static final String UPDATE = "UPDATE_DOCS";

  @Test
  void committedNamesMatchThePackage() throws Exception {
    var folder = Files.createDirectories(Path.of("target/sdk").toAbsolutePath());
    for (var file : List.of("package.json", "package-lock.json", "surface.mjs"))
      Files.writeString(folder.resolve(file), SdkSurface.resource(file));
    run(folder, "npm", "ci", "--omit=optional", "--omit=peer", "--ignore-scripts", "--no-fund");
    var found = run(folder, "node", "surface.mjs");
    var committed =
        ApiTestServer.root()
            .resolve("gateway/src/test/resources" + SdkSurface.FOLDER + "surface.json");
    if (System.getenv(UPDATE) != null) Files.writeString(committed, found);
    assertThat(committed)
        .as("the package has changed; run this once with %s=1, then fill the rows", UPDATE)
        .hasContent(found);
  }

  private static String run(Path folder, String... command) throws Exception {
    var errors = folder.resolve("errors.log");
    var process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(errors.toFile())
            .start();
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(text + Files.readString(errors)).isZero();
    return text;
  }
}
