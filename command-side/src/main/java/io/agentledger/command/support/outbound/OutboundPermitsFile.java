package io.agentledger.command.support.outbound;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * File in which the operator permits destinations while the service runs, in addition to its
 * settings and by the same names: {@code agentledger.outbound.ports}, {@code allowed-networks} and
 * {@code allowed-hosts}. It is read again when it has changed. A file with a fault permits nothing.
 */
final class OutboundPermitsFile {
  static final String NAME = "outbound.properties";

  private static final Logger log = LoggerFactory.getLogger(OutboundPermitsFile.class);
  private static final String PREFIX = "agentledger.outbound";
  private static final long BYTES_MAX = 64 << 10;

  private final Path file;
  private OutboundPermits permits = OutboundPermits.NONE;
  private @Nullable Version version;

  OutboundPermitsFile(Path file) {
    this.file = file;
  }

  /** Identity of the content that was read last. */
  private record Version(
      @Nullable Object fileKey,
      FileTime modified,
      long size,
      UserPrincipal owner,
      Set<PosixFilePermission> permissions) {
    static Version of(PosixFileAttributes attributes) {
      return new Version(
          attributes.fileKey(),
          attributes.lastModifiedTime(),
          attributes.size(),
          attributes.owner(),
          attributes.permissions());
    }
  }

  /** Properties of the file; any other is a fault. */
  record Content(
      @DefaultValue Set<Integer> ports,
      @DefaultValue List<String> allowedNetworks,
      @DefaultValue List<String> allowedHosts) {}

  /** Returns what the file permits now. */
  synchronized OutboundPermits current() {
    try {
      var attributes = Files.readAttributes(file, PosixFileAttributes.class);
      var found = Version.of(attributes);
      if (found.equals(version)) return permits;
      version = found;
      permits = OutboundPermits.NONE;
      permits = read(attributes);
      log.atInfo().addKeyValue("file", file).log("the file of outbound permits applies");
    } catch (NoSuchFileException none) {
      version = null;
      permits = OutboundPermits.NONE;
    } catch (IOException | IllegalArgumentException | BindException fault) {
      permits = OutboundPermits.NONE;
      log.atWarn()
          .addKeyValue("file", file)
          .addKeyValue("cause", rootMessage(fault))
          .log("the file of outbound permits has a fault and permits nothing");
    }
    return permits;
  }

  private OutboundPermits read(PosixFileAttributes attributes) throws IOException {
    if (attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE)
        || attributes.permissions().contains(PosixFilePermission.GROUP_WRITE))
      throw new IOException("users other than its owner may write to it");
    if (!attributes.owner().equals(Files.getOwner(file.getParent()))
        && !attributes.owner().getName().equals("root"))
      throw new IOException("it belongs to neither the owner of its directory nor root");
    if (attributes.size() > BYTES_MAX)
      throw new IOException("it is larger than " + BYTES_MAX + " bytes");
    var properties = new Properties();
    try (var reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    for (String name : properties.stringPropertyNames())
      if (!name.startsWith(PREFIX + "."))
        throw new IllegalArgumentException("unknown property " + name);
    var content =
        new Binder(new MapConfigurationPropertySource(properties))
            .bindOrCreate(
                PREFIX,
                Bindable.of(Content.class),
                new NoUnboundElementsBindHandler(BindHandler.DEFAULT));
    return new OutboundPermits(
        content.ports(),
        content.allowedNetworks().stream().map(Cidr::of).toList(),
        content.allowedHosts());
  }

  private static String rootMessage(Exception fault) {
    Throwable root = fault;
    while (root.getCause() != null) root = root.getCause();
    return String.valueOf(root.getMessage());
  }
}
