package io.agentledger.command.workspace;

import io.agentledger.api.workspace.FileView;
import io.agentledger.api.workspace.FileView.FileType;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.PosixFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Maps entries of a workspace to views. */
final class FileViewMapper {
  private FileViewMapper() {}

  static FileView toView(List<String> folder, String name, PosixFileAttributes attributes) {
    var steps = new ArrayList<>(folder);
    steps.add(name);
    var fileType =
        attributes.isSymbolicLink()
            ? FileType.LINK
            : attributes.isDirectory()
                ? FileType.FOLDER
                : attributes.isRegularFile() ? FileType.FILE : FileType.OTHER;
    boolean file = fileType == FileType.FILE;
    return new FileView(
        String.join("/", steps),
        fileType,
        file ? attributes.size() : 0,
        attributes.lastModifiedTime().toInstant(),
        file ? etag(attributes) : "");
  }

  /** Returns the entity tag of a file, which changes with its inode, size and time. */
  static String etag(PosixFileAttributes attributes) {
    var modified = attributes.lastModifiedTime().toInstant();
    var state =
        "%s/%d/%d.%09d"
            .formatted(
                attributes.fileKey(),
                attributes.size(),
                modified.getEpochSecond(),
                modified.getNano());
    return HexFormat.of().formatHex(sha256(state), 0, 16);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
