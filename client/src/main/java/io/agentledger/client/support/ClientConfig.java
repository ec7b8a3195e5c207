package io.agentledger.client.support;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Where a service is, and the key that it knows us by.
 *
 * @param base scheme, host and port; without a path
 */
public record ClientConfig(URI base, String key) {
  public static final String URL = "AGENTLEDGER_URL";
  public static final String KEY = "AGENTLEDGER_KEY";
  public static final String HOME = "AGENTLEDGER_HOME";

  public ClientConfig {
    if (!"http".equals(base.getScheme()) && !"https".equals(base.getScheme()))
      throw new IllegalArgumentException("the service's address must be http or https: " + base);
  }

  /**
   * The service that the environment names ({@code AGENTLEDGER_URL}, {@code AGENTLEDGER_KEY}), else
   * the one that runs from {@code AGENTLEDGER_HOME}: as who the key says, or as its owner.
   *
   * @throws ServiceUnavailableException when there is none, in words for a person
   */
  public static ClientConfig find(Map<String, String> environment) {
    var url = environment.get(URL);
    if (url != null && !url.isBlank()) return named(url, environment.get(KEY));
    var home = environment.get(HOME);
    if (home == null || home.isBlank())
      throw new ServiceUnavailableException(
          "Neither " + URL + " nor " + HOME + " says where the service is.");
    var key = environment.get(KEY);
    return key == null || key.isBlank()
        ? ofHome(Path.of(home))
        : new ClientConfig(running(Path.of(home)), key.strip());
  }

  /** The service that runs from this home, found by {@code service.json} and {@code owner.key}. */
  public static ClientConfig ofHome(Path home) {
    return new ClientConfig(running(home), ownerKey(home.resolve("owner.key")));
  }

  private static URI running(Path home) {
    var serviceInfo = ServiceInfo.read(home);
    if (ProcessHandle.of(serviceInfo.pid()).filter(ProcessHandle::isAlive).isEmpty())
      throw new ServiceUnavailableException(
          "No service runs from " + home + " (its last one is gone).");
    return URI.create("http://127.0.0.1:" + serviceInfo.port());
  }

  private static ClientConfig named(String url, @Nullable String key) {
    // The local owner's key is never sent to an address that somebody typed.
    if (key == null || key.isBlank())
      throw new ServiceUnavailableException(URL + " is set, " + KEY + " is not: both are needed.");
    try {
      return new ClientConfig(URI.create(url.strip().replaceAll("/+$", "")), key.strip());
    } catch (IllegalArgumentException wrong) {
      throw new ServiceUnavailableException(
          URL + " is no address of a service: " + wrong.getMessage());
    }
  }

  private static String ownerKey(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException unreadable) {
      throw new ServiceUnavailableException(
          "The owner's key cannot be read: " + unreadable.getMessage());
    }
  }

  URI resolve(String path) {
    return URI.create(base + path);
  }

  @Override
  public String toString() {
    return base.toString();
  }

  /** What {@code service.json} says. */
  record ServiceInfo(long pid, int port, String revision) {
    static ServiceInfo read(Path home) {
      var file = home.resolve("service.json");
      try {
        return ClientJson.MAPPER.readValue(Files.readString(file), ServiceInfo.class);
      } catch (NoSuchFileException absent) {
        throw new ServiceUnavailableException("No service runs from " + home + ".");
      } catch (IOException | JacksonException unreadable) {
        throw new ServiceUnavailableException(file + " cannot be read: " + unreadable.getMessage());
      }
    }
  }
}
