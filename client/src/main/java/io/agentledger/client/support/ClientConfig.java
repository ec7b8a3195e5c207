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
 * Address of a service and the API key to use.
 *
 * @param baseUrl scheme, host and port; without a path
 */
public record ClientConfig(URI baseUrl, String apiKey) {
  public static final String URL_VARIABLE = "AGENTLEDGER_URL";
  public static final String KEY_VARIABLE = "AGENTLEDGER_KEY";
  public static final String HOME_VARIABLE = "AGENTLEDGER_HOME";

  private static final String START = "./agentledger start";

  public ClientConfig {
    if (!"http".equals(baseUrl.getScheme()) && !"https".equals(baseUrl.getScheme()))
      throw new IllegalArgumentException("the service's address must be http or https: " + baseUrl);
  }

  /**
   * Returns the service that the environment names ({@code AGENTLEDGER_URL}, {@code
   * AGENTLEDGER_KEY}), otherwise the one that runs from {@code AGENTLEDGER_HOME}, with the given
   * key or the owner's.
   *
   * @throws ServiceUnavailableException if there is none; the message is for a user
   */
  public static ClientConfig fromEnvironment(Map<String, String> environment) {
    var url = environment.get(URL_VARIABLE);
    if (url != null && !url.isBlank()) return fromUrl(url, environment.get(KEY_VARIABLE));
    var home = environment.get(HOME_VARIABLE);
    if (home == null || home.isBlank())
      throw new ServiceUnavailableException(
          "Set " + URL_VARIABLE + " or " + HOME_VARIABLE + " to the address or home of a service.");
    var key = environment.get(KEY_VARIABLE);
    return key == null || key.isBlank()
        ? fromHome(Path.of(home))
        : new ClientConfig(findServiceUri(Path.of(home)), key.strip());
  }

  /**
   * Returns the service that runs from this home directory, by {@code service.json} and {@code
   * owner.key}.
   */
  public static ClientConfig fromHome(Path home) {
    return new ClientConfig(findServiceUri(home), readOwnerKey(home.resolve("owner.key")));
  }

  private static URI findServiceUri(Path home) {
    var serviceInfo = ServiceInfo.read(home);
    if (ProcessHandle.of(serviceInfo.pid()).filter(ProcessHandle::isAlive).isEmpty())
      throw new ServiceUnavailableException(
          "No service runs from " + home + " (the last one has ended): start one with " + START);
    return URI.create("http://127.0.0.1:" + serviceInfo.port());
  }

  private static ClientConfig fromUrl(String url, @Nullable String key) {
    // The local owner's key is never sent to an address that a user entered.
    if (key == null || key.isBlank())
      throw new ServiceUnavailableException(
          URL_VARIABLE + " is set, " + KEY_VARIABLE + " is not: both are needed.");
    try {
      return new ClientConfig(URI.create(url.strip().replaceAll("/+$", "")), key.strip());
    } catch (IllegalArgumentException exception) {
      throw new ServiceUnavailableException(
          URL_VARIABLE + " is not the address of a service: " + exception.getMessage());
    }
  }

  private static String readOwnerKey(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException exception) {
      throw new ServiceUnavailableException(
          "The owner's key cannot be read: " + exception.getMessage());
    }
  }

  URI resolve(String path) {
    return URI.create(baseUrl + path);
  }

  @Override
  public String toString() {
    return baseUrl.toString();
  }

  /** Content of {@code service.json}. */
  record ServiceInfo(long pid, int port, String revision) {
    static ServiceInfo read(Path home) {
      var file = home.resolve("service.json");
      try {
        return ClientJson.MAPPER.readValue(Files.readString(file), ServiceInfo.class);
      } catch (NoSuchFileException exception) {
        throw new ServiceUnavailableException(
            "No service runs from " + home + ": start one with " + START);
      } catch (IOException | JacksonException exception) {
        throw new ServiceUnavailableException(file + " cannot be read: " + exception.getMessage());
      }
    }
  }
}
