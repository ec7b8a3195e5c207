package io.agentledger.client.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docker-compose.yml} against the schema of the Compose specification. */
class ComposeTest {
  private static final Path ROOT = Path.of("..");

  @Test
  void composeFileIsValid() throws IOException {
    assertThat(faults(compose())).isEmpty();
  }

  @Test
  void invalidComposeFileIsDetected() throws IOException {
    var wrong = compose().replace("    healthcheck:", "    health_check:");
    assertThat(faults(wrong)).anyMatch(fault -> fault.contains("health_check"));
  }

  @Test
  void everyUsedSecretIsDeclared() throws IOException {
    var text = compose();
    var used = new TreeSet<String>();
    Pattern.compile("(?m)^ +- (?:source: )?(postgres-[a-z]+)$")
        .matcher(text)
        .results()
        .forEach(match -> used.add(match.group(1)));
    assertThat(used).hasSize(3);
    for (var secret : used) assertThat(text).contains("\n  " + secret + ":\n    file:");
  }

  @Test
  void everyFileCopiedIntoTheImageExists() throws IOException {
    var dockerfile = Files.readString(ROOT.resolve("deploy/Dockerfile"));
    assertThat(dockerfile).contains("tini", "bubblewrap", "USER agentledger");
    assertThat(compose()).contains("dockerfile: deploy/Dockerfile");
  }

  private static String compose() throws IOException {
    return Files.readString(ROOT.resolve("docker-compose.yml"));
  }

  private static List<String> faults(String yaml) throws IOException {
    try (InputStream source =
        Objects.requireNonNull(
            ComposeTest.class.getResourceAsStream("/compose/compose-spec.json"))) {
      Schema schema =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
              .getSchema(
                  SchemaLocation.of("https://example.com/schema/compose_spec.json"),
                  source,
                  InputFormat.JSON);
      return schema.validate(yaml, InputFormat.YAML).stream().map(Object::toString).toList();
    }
  }
}
