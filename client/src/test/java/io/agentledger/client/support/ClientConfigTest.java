package io.agentledger.client.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientConfigTest {
  @TempDir Path home;

  @Test
  void homeContainsTheServiceAddress() throws IOException {
    runs(ProcessHandle.current().pid(), 4711);
    Files.writeString(home.resolve("owner.key"), "secret\n");
    assertThat(find("AGENTLEDGER_HOME", home.toString()))
        .isEqualTo(new ClientConfig(URI.create("http://127.0.0.1:4711"), "secret"));
  }

  @Test
  void staleServiceFileIsIgnored() throws IOException, InterruptedException {
    var gone = new ProcessBuilder("true").start();
    gone.waitFor();
    runs(gone.pid(), 4711);
    assertThatThrownBy(() -> find("AGENTLEDGER_HOME", home.toString()))
        .isInstanceOf(ServiceUnavailableException.class)
        .hasMessageContaining("has ended")
        .hasMessageEndingWith("start one with ./agentledger start");
  }

  @Test
  void missingServiceIsReported() {
    assertThatThrownBy(() -> find("AGENTLEDGER_HOME", home.toString()))
        .isInstanceOf(ServiceUnavailableException.class)
        .hasMessage("No service runs from " + home + ": start one with ./agentledger start");
  }

  @Test
  void malformedServiceFileIsNamed() throws IOException {
    Files.writeString(home.resolve("service.json"), "{");
    assertThatThrownBy(() -> find("AGENTLEDGER_HOME", home.toString()))
        .isInstanceOf(ServiceUnavailableException.class)
        .hasMessageContaining("service.json");
  }

  @Test
  void environmentVariablesOverrideTheAddress() {
    var config = find("AGENTLEDGER_URL", "https://ledger.example/", "AGENTLEDGER_KEY", "k");
    assertThat(config).isEqualTo(new ClientConfig(URI.create("https://ledger.example"), "k"));
  }

  @Test
  void localServiceIsUsedWithTheOwnersKey() throws IOException {
    runs(ProcessHandle.current().pid(), 4711); // The owner's key is unreadable.
    assertThat(find("AGENTLEDGER_HOME", home.toString(), "AGENTLEDGER_KEY", "alk_mine"))
        .isEqualTo(new ClientConfig(URI.create("http://127.0.0.1:4711"), "alk_mine"));
  }

  @Test
  void ownersKeyIsNotSentToAnExplicitAddress() throws IOException {
    Files.writeString(home.resolve("owner.key"), "secret");
    assertThatThrownBy(
            () -> find("AGENTLEDGER_URL", "http://elsewhere", "AGENTLEDGER_HOME", home.toString()))
        .isInstanceOf(ServiceUnavailableException.class)
        .hasMessageContaining("AGENTLEDGER_KEY");
  }

  private void runs(long pid, int port) throws IOException {
    Files.writeString(
        home.resolve("service.json"),
        "{\"pid\":%d,\"port\":%d,\"revision\":\"r1\"}".formatted(pid, port));
  }

  private static ClientConfig find(String... pairs) {
    var environment = new java.util.HashMap<String, String>();
    for (int i = 0; i < pairs.length; i += 2) environment.put(pairs[i], pairs[i + 1]);
    return ClientConfig.fromEnvironment(Map.copyOf(environment));
  }
}
