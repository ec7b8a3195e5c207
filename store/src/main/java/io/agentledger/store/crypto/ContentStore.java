package io.agentledger.store.crypto;

import io.agentledger.store.DurableFiles;
import io.agentledger.store.crypto.ContentUnavailableException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Stores bytes in files named by their SHA-256, {@code ab/cdef...}: written once, on the disk
 * before the event that references them commits, verified whenever they are read.
 */
public final class ContentStore {
  private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");

  private final Path root;

  /**
   * Creates a content store.
   *
   * @param root an existing directory, accessible for the service's own user only
   */
  public ContentStore(Path root) {
    this.root = root;
  }

  /** Stores the bytes and returns their SHA-256 in hex. Idempotent. */
  public String put(byte[] bytes) {
    String sha256 = sha256(bytes);
    Path file = fileOf(sha256);
    try {
      if (isComplete(file, bytes.length)) return sha256;
      createParent(file);
      DurableFiles.write(file, bytes);
      return sha256;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot store content " + sha256 + ": " + e.getMessage(), e);
    }
  }

  private static boolean isComplete(Path file, long size) throws IOException {
    return Files.isRegularFile(file) && Files.size(file) == size;
  }

  private void createParent(Path file) throws IOException {
    Path directory = file.getParent();
    if (directory == null || Files.isDirectory(directory)) return;
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    DurableFiles.syncDirectory(root);
  }

  /** Returns the bytes with this name; fails if they are missing or were changed. */
  public byte[] get(String sha256) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(fileOf(sha256));
    } catch (NoSuchFileException e) {
      throw new ContentUnavailableException(Reason.LOST, "the content store has lost " + sha256, e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read content " + sha256, e);
    }
    if (!sha256(bytes).equals(sha256))
      throw new ContentUnavailableException(
          Reason.TAMPERED, "the file of content " + sha256 + " was tampered with");
    return bytes;
  }

  /** Deletes content that nothing references. Idempotent. */
  public void delete(String sha256) {
    try {
      Files.deleteIfExists(fileOf(sha256));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete content " + sha256, e);
    }
  }

  private Path fileOf(String sha256) {
    if (!NAME.matcher(sha256).matches())
      throw new IllegalArgumentException("not the name of content");
    return root.resolve(sha256.substring(0, 2)).resolve(sha256.substring(2));
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
