package io.agentledger.gateway.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service has generated bean definitions ({@code deploy/aot-cache.sh}). */
@EnabledIfSystemProperty(named = "test.service.jar", matches = ".+")
class GeneratedContextIT {
  private static final String REASON = "generated bean definitions are not used: ";

  @TempDir Path directory;

  @Test
  void definitionsAreUsedUnlessASettingThatSelectsBeansDiffers() throws Exception {
    Path home = directory.resolve("home");
    var service = ServiceProcess.start(home);
    try {
      assertThat(Files.readString(service.log()))
          .doesNotContain(REASON)
          .contains("Starting AOT-processed ");
    } finally {
      service.stop();
    }
    Files.delete(service.log());
    service =
        ServiceProcess.start(home, Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"));
    try {
      assertThat(Files.readString(service.log())).contains(REASON + "OTEL_EXPORTER_OTLP_ENDPOINT");
    } finally {
      service.stop();
    }
  }
}
