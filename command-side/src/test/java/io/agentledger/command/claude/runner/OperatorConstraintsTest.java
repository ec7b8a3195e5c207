package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.environment.EnvironmentSnapshot.Mount;
import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.command.claude.host.HostDirectoryResolver.GrantedDirectory;
import io.agentledger.command.claude.host.HostDirectorySettings;
import io.agentledger.command.claude.sandbox.SandboxSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class OperatorConstraintsTest {
  private static final OperatorConstraints BOUNDS =
      new OperatorConstraints(
          new SandboxSettings(4096, 400, 1024, 8192, 2048, 2048, 500_000, Duration.ofSeconds(2)),
          new VariablePassthrough(Set.of("TZ"), Map.<String, String>of()::get),
          new HostDirectorySettings(
              Map.of(
                  "data", new GrantedDirectory(Path.of("/srv/data"), false),
                  "cache", new GrantedDirectory(Path.of("/srv/cache"), true))),
          network -> Optional.of("says the way out"));

  private static HostDirectorySettings bound(Map<String, String> properties) {
    return new Binder(new MapConfigurationPropertySource(properties))
        .bindOrCreate("agentledger.claude", HostDirectorySettings.class);
  }

  @Test
  void grantsNothingByDefault() {
    assertThat(bound(Map.of())).isEqualTo(new HostDirectorySettings(Map.of()));
  }

  @Test
  void directoryIsReadOnlyByDefault() {
    assertThat(bound(Map.of("agentledger.claude.directories.data.path", "/srv/data")).directories())
        .containsExactly(Map.entry("data", new GrantedDirectory(Path.of("/srv/data"), false)));
  }

  @Test
  void networksAreLimitedToThePermittedHosts() {
    assertThat(BOUNDS.violation(new Network.Open())).hasValue("says the way out");
  }

  @Test
  void directoriesAreThoseOfTheOperatorAndWritableOnlyIfPermitted() {
    assertThat(BOUNDS.violation(new Mount("data", "/mnt/data", false))).isEmpty();
    assertThat(BOUNDS.violation(new Mount("data", "/mnt/data", true))).isPresent();
    assertThat(BOUNDS.violation(new Mount("cache", "/mnt/cache", true))).isEmpty();
    assertThat(BOUNDS.violation(new Mount("/etc", "/mnt/etc", false))).isPresent();
  }

  @Test
  void variablesAreThoseOfTheOperator() {
    assertThat(BOUNDS.violation("TZ")).isEmpty();
    assertThat(BOUNDS.violation("OTHER")).isPresent();
  }
}
