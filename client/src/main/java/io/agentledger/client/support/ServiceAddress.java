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
public record ServiceAddress(URI base, String key) {
  public static final String URL = "AGENTLEDGER_URL";
  public static final String KEY = "AGENTLEDGER_KEY";
  public static final String HOME = "AGENTLEDGER_HOME";

  public ServiceAddress {
    if (!"http".equals(base.getScheme()) && !"https".equals(base.getScheme()))
      throw new IllegalArgumentException("the service's address must be http or https: " + base);
  }

  /**
   * The service that the environment names ({@code AGENTLEDGER_URL}, {@code AGENTLEDGER_KEY}), else
   * the one that runs from {@code AGENTLEDGER_HOME}: as who the key says, or as its owner.
   *
   * @throws NoService when there is none, in words for a person
   */
  public static ServiceAddress find(Map<String, String> environment) {
    var url = environment.get(URL);
    if (url != null && !url.isBlank()) return named(url, environment.get(KEY));
    var home = environment.get(HOME);
    if (home == null || home.isBlank())
      throw new NoService("Neither " + URL + " nor " + HOME + " says where the service is.");
    var key = environment.get(KEY);
    return key == null || key.isBlank()
        ? ofHome(Path.of(home))
        : new ServiceAddress(running(Path.of(home)), key.strip());
  }

  /** The service that runs from this home, found by {@code service.json} and {@code owner.key}. */
  public static ServiceAddress ofHome(Path home) {
    return new ServiceAddress(running(home), ownerKey(home.resolve("owner.key")));
  }

  private static URI running(Path home) {
    var running = Running.read(home);
    if (ProcessHandle.of(running.pid()).filter(ProcessHandle::isAlive).isEmpty())
      throw new NoService("No service runs from " + home + " (its last one is gone).");
    return URI.create("http://127.0.0.1:" + running.port());
  }

  private static ServiceAddress named(String url, @Nullable String key) {
    // The local owner's key is never sent to an address that somebody typed.
    if (key == null || key.isBlank())
      throw new NoService(URL + " is set, " + KEY + " is not: both are needed.");
    try {
      return new ServiceAddress(URI.create(url.strip().replaceAll("/+$", "")), key.strip());
    } catch (IllegalArgumentException wrong) {
      throw new NoService(URL + " is no address of a service: " + wrong.getMessage());
    }
  }

  private static String ownerKey(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException unreadable) {
      throw new NoService("The owner's key cannot be read: " + unreadable.getMessage());
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
  record Running(long pid, int port, String revision) {
    static Running read(Path home) {
      var file = home.resolve("service.json");
      try {
        return WireJson.MAPPER.readValue(Files.readString(file), Running.class);
      } catch (NoSuchFileException absent) {
        throw new NoService("No service runs from " + home + ".");
      } catch (IOException | JacksonException unreadable) {
        throw new NoService(file + " cannot be read: " + unreadable.getMessage());
      }
    }
  }
}
