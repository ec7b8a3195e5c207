package io.agentledger.command.workspace;

import io.agentledger.api.workspace.FileView;
import io.agentledger.api.workspace.FileView.Kind;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.PosixFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** What stands in a workspace, as it is shown. */
final class FileViewMapper {
  private FileViewMapper() {}

  static FileView toView(List<String> folder, String name, PosixFileAttributes found) {
    var steps = new ArrayList<>(folder);
    steps.add(name);
    var kind =
        found.isSymbolicLink()
            ? Kind.LINK
            : found.isDirectory() ? Kind.FOLDER : found.isRegularFile() ? Kind.FILE : Kind.OTHER;
    boolean file = kind == Kind.FILE;
    return new FileView(
        String.join("/", steps),
        kind,
        file ? found.size() : 0,
        found.lastModifiedTime().toInstant(),
        file ? etag(found) : "");
  }

  /** Another file, another size or another time is another state. */
  static String etag(PosixFileAttributes found) {
    var modified = found.lastModifiedTime().toInstant();
    var state =
        "%s/%d/%d.%09d"
            .formatted(
                found.fileKey(), found.size(), modified.getEpochSecond(), modified.getNano());
    return HexFormat.of().formatHex(sha256(state), 0, 16);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
