package io.agentledger.command.claude;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.environment.EnvironmentSnapshot.Mount;
import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.command.claude.GrantSettings.Egress;
import io.agentledger.command.claude.box.HostFolders.Root;
import io.agentledger.command.claude.box.SandboxSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class OperatorsBoundsTest {
  private static OperatorsBounds bounds(boolean enabled, String... allowed) {
    return new OperatorsBounds(
        new SandboxSettings(4096, 1024, 8192, 2048, 2048, Duration.ofSeconds(2)),
        new Passing(Set.of("TZ"), Map.<String, String>of()::get),
        new GrantSettings(
            new Egress(enabled, List.of(allowed)),
            Map.of(
                "data", new Root(Path.of("/srv/data"), false),
                "cache", new Root(Path.of("/srv/cache"), true))));
  }

  private static boolean reaches(OperatorsBounds bounds, String... hosts) {
    return bounds.whyNot(new Network.Limited(List.of(hosts))).isEmpty();
  }

  private static GrantSettings bound(Map<String, String> properties) {
    return new Binder(new MapConfigurationPropertySource(properties))
        .bindOrCreate("agentledger.claude", GrantSettings.class);
  }

  @Test
  void nothingIsGrantedByDefault() {
    assertThat(bound(Map.of()))
        .isEqualTo(new GrantSettings(new Egress(false, List.of()), Map.of()));
  }

  @Test
  void aDirectoryThatSaysNothingElseIsReadOnly() {
    assertThat(bound(Map.of("agentledger.claude.directories.data.path", "/srv/data")).directories())
        .containsExactly(Map.entry("data", new Root(Path.of("/srv/data"), false)));
  }

  @Test
  void withoutAWayOutEveryNetworkIsClosed() {
    assertThat(bounds(false).whyNot(new Network.Closed())).isEmpty();
    assertThat(bounds(false).whyNot(new Network.Open())).isPresent();
    assertThat(reaches(bounds(false), "example.com")).isFalse();
  }

  @Test
  void withoutAListOfTheOperatorsAnyHostMayBeNamed() {
    assertThat(bounds(true).whyNot(new Network.Open())).isEmpty();
    assertThat(reaches(bounds(true), "example.com", "*.example.com:8443", "192.0.2.7")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "api.example.com",
        "a.b.example.com",
        "*.example.com",
        "*.b.example.com:443",
        "registry.example:8443",
        "plain.example:80"
      })
  void whatTheOperatorsListCoversMayBeNamed(String host) {
    assertThat(reaches(listed(), host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "example.com",
        "badexample.com",
        "*.com",
        "api.example.com:22",
        "registry.example",
        "*.registry.example:8443",
        "plain.example:8080",
        "no host"
      })
  void whatItDoesNotCoverMayNot(String host) {
    assertThat(reaches(listed(), "api.example.com", host)).isFalse();
    assertThat(listed().whyNot(new Network.Limited(List.of(host))).orElseThrow()).contains(host);
  }

  private static OperatorsBounds listed() {
    return bounds(true, "*.example.com", "registry.example:8443", "plain.example");
  }

  @Test
  void foldersAreThoseOfTheOperatorAndWrittenToOnlyWhereThatIsPermitted() {
    assertThat(bounds(false).whyNot(new Mount("data", "/mnt/data", false))).isEmpty();
    assertThat(bounds(false).whyNot(new Mount("data", "/mnt/data", true))).isPresent();
    assertThat(bounds(false).whyNot(new Mount("cache", "/mnt/cache", true))).isEmpty();
    assertThat(bounds(false).whyNot(new Mount("/etc", "/mnt/etc", false))).isPresent();
  }

  @Test
  void variablesAreThoseOfTheOperator() {
    assertThat(bounds(false).whyNot("TZ")).isEmpty();
    assertThat(bounds(false).whyNot("OTHER")).isPresent();
  }
}
