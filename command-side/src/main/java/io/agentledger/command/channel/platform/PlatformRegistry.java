package io.agentledger.command.channel.platform;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Platforms by name. */
public final class PlatformRegistry {
  private final Map<String, Platform> platforms = new LinkedHashMap<>();

  /** Registers all platforms; two of one name are refused. */
  public PlatformRegistry(Collection<Platform> platforms) {
    platforms.stream()
        .sorted((a, b) -> a.description().name().compareTo(b.description().name()))
        .forEach(
            platform -> {
              var name = platform.description().name();
              if (this.platforms.put(name, platform) != null)
                throw new IllegalStateException("two platforms are named " + name);
            });
  }

  public Optional<Platform> find(String name) {
    return Optional.ofNullable(platforms.get(name));
  }

  /** Returns the descriptions of all platforms by name. */
  public List<PlatformDescription> descriptions() {
    return platforms.values().stream().map(Platform::description).toList();
  }
}
