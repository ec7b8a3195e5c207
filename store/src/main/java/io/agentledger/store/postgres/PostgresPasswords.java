package io.agentledger.store.postgres;

import io.agentledger.store.DurableFiles;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Properties;

/** Passwords of the embedded server's three roles, in a file of mode 600. */
record PostgresPasswords(String superuser, String owner, String application) {
  private static final int BYTES = 24;
  private static final SecureRandom RANDOM = new SecureRandom();

  static Optional<PostgresPasswords> read(Path file) throws IOException {
    if (Files.notExists(file)) return Optional.empty();
    var properties = new Properties();
    properties.load(new StringReader(Files.readString(file)));
    return Optional.of(
        new PostgresPasswords(
            value(properties, "superuser", file),
            value(properties, "owner", file),
            value(properties, "application", file)));
  }

  private static String value(Properties properties, String name, Path file) {
    String value = properties.getProperty(name, "");
    if (value.isEmpty()) throw new PostgresException(file + " holds no password for " + name);
    return value;
  }

  static PostgresPasswords createIn(Path file) throws IOException {
    var passwords = new PostgresPasswords(random(), random(), random());
    var written = new Properties();
    written.setProperty("superuser", passwords.superuser);
    written.setProperty("owner", passwords.owner);
    written.setProperty("application", passwords.application);
    var text = new StringWriter();
    written.store(text, null);
    DurableFiles.write(file, text.toString().getBytes(StandardCharsets.ISO_8859_1));
    return passwords;
  }

  private static String random() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public String toString() {
    return "PostgresPasswords[hidden]";
  }
}
