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

/** The passwords of the embedded server's three roles, in a file of mode 600. */
record PostgresPasswords(String superuser, String owner, String application) {
  private static final int BYTES = 24;
  private static final SecureRandom RANDOM = new SecureRandom();

  static Optional<PostgresPasswords> in(Path file) throws IOException {
    if (Files.notExists(file)) return Optional.empty();
    var read = new Properties();
    read.load(new StringReader(Files.readString(file)));
    return Optional.of(
        new PostgresPasswords(
            value(read, "superuser", file),
            value(read, "owner", file),
            value(read, "application", file)));
  }

  private static String value(Properties read, String name, Path file) {
    String value = read.getProperty(name, "");
    if (value.isEmpty()) throw new PostgresException(file + " holds no password for " + name);
    return value;
  }

  static PostgresPasswords createIn(Path file) throws IOException {
    var made = new PostgresPasswords(random(), random(), random());
    var written = new Properties();
    written.setProperty("superuser", made.superuser);
    written.setProperty("owner", made.owner);
    written.setProperty("application", made.application);
    var text = new StringWriter();
    written.store(text, null);
    DurableFiles.write(file, text.toString().getBytes(StandardCharsets.ISO_8859_1));
    return made;
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
