package io.agentledger.command.channel.platform;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Media types of files, recognised by their first bytes. Text is always plain text, so it is never
 * shown as a page or an image.
 */
public final class MediaTypes {
  public static final String TEXT = "text/plain";
  public static final String UNKNOWN = "application/octet-stream";

  /** Bytes at the begin of a file, or after some of them. */
  private record Signature(String mediaType, int offset, byte[] bytes) {
    boolean matches(byte[] file) {
      return file.length >= offset + bytes.length
          && Arrays.equals(file, offset, offset + bytes.length, bytes, 0, bytes.length);
    }
  }

  /** The first that matches counts. */
  private static final List<Signature> SIGNATURES =
      List.of(
          signature("image/png", 0, "89504e470d0a1a0a"),
          signature("image/jpeg", 0, "ffd8ff"),
          signature("image/gif", 0, "474946383761"),
          signature("image/gif", 0, "474946383961"),
          signature("image/webp", 8, "57454250"),
          signature("audio/wav", 8, "57415645"),
          signature("application/pdf", 0, "255044462d"),
          signature("image/heic", 4, "6674797068656963"),
          signature("audio/mp4", 4, "667479704d3441"),
          signature("video/3gpp", 4, "66747970336770"),
          signature("video/quicktime", 4, "6674797071742020"),
          signature("video/mp4", 4, "66747970"),
          signature("audio/ogg", 0, "4f676753"),
          signature("video/webm", 0, "1a45dfa3"),
          signature("audio/mpeg", 0, "494433"),
          signature("audio/mpeg", 0, "fffb"),
          signature("audio/mpeg", 0, "fff3"),
          signature("audio/aac", 0, "fff1"),
          signature("audio/aac", 0, "fff9"),
          signature("audio/amr", 0, "2321414d52"),
          signature("application/zip", 0, "504b0304"),
          signature("application/x-ole-storage", 0, "d0cf11e0a1b11ae1"));

  /** Types of files that are archives of a known kind, which only their names tell apart. */
  private static final Map<String, String> CONTAINERS =
      Map.of(
          "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
          "application/zip",
          "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
          "application/zip",
          "application/vnd.openxmlformats-officedocument.presentationml.presentation",
          "application/zip",
          "application/vnd.oasis.opendocument.text",
          "application/zip",
          "application/msword",
          "application/x-ole-storage",
          "application/vnd.ms-excel",
          "application/x-ole-storage",
          "application/vnd.ms-powerpoint",
          "application/x-ole-storage");

  private static final Map<String, String> EXTENSIONS =
      Map.of(
          "image/jpeg",
          "jpg",
          "audio/mpeg",
          "mp3",
          TEXT,
          "txt",
          UNKNOWN,
          "bin",
          "video/quicktime",
          "mov",
          "application/x-ole-storage",
          "bin");

  /** Files of these kinds can be sound or moving pictures, whatever their first bytes are. */
  private static final List<String> SOUND_OR_VIDEO = List.of("audio/", "video/");

  private static final int NAME_MAX = 100;

  private MediaTypes() {}

  private static Signature signature(String mediaType, int offset, String hex) {
    return new Signature(mediaType, offset, HexFormat.of().parseHex(hex));
  }

  /** Returns the type of a file, {@link #TEXT} or {@link #UNKNOWN}. */
  public static String of(byte[] file) {
    for (var signature : SIGNATURES) {
      boolean isRiff = signature.offset == 8;
      if (signature.matches(file) && (!isRiff || file[0] == 'R' && file[1] == 'I'))
        return signature.mediaType;
    }
    return isText(file) ? TEXT : UNKNOWN;
  }

  private static boolean isText(byte[] file) {
    for (byte value : file)
      if (value >= 0 && value < ' ' && value != '\n' && value != '\r' && value != '\t')
        return false;
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(file));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /**
   * Returns a file with the type of its bytes; empty if the platform states another one. Without a
   * statement, or with one that says nothing, the type is that of the bytes.
   */
  public static Optional<MediaContent> content(byte[] bytes, MediaReference reference) {
    var declared = reference.declaredType();
    var found = of(bytes);
    String type;
    if (declared.isEmpty() || declared.equals(UNKNOWN) || declared.equals(found)) type = found;
    else if (found.equals(CONTAINERS.get(declared))) type = declared;
    else if (found.equals(TEXT) && isTextType(declared)) type = TEXT;
    else if (isSameKind(declared, found)) type = found;
    else return Optional.empty();
    return Optional.of(new MediaContent(name(reference.name(), type), type, bytes));
  }

  private static boolean isTextType(String declared) {
    return declared.startsWith("text/")
        || declared.equals("application/json")
        || declared.equals("application/xml");
  }

  /** Returns whether both are pictures, or both are sound or video. */
  private static boolean isSameKind(String declared, String found) {
    if (declared.startsWith("image/")) return found.startsWith("image/");
    return SOUND_OR_VIDEO.stream().anyMatch(declared::startsWith)
        && SOUND_OR_VIDEO.stream().anyMatch(found::startsWith);
  }

  private static String name(String given, String mediaType) {
    var name = safeName(given);
    return name.isEmpty()
        ? "file." + EXTENSIONS.getOrDefault(mediaType, mediaType.replaceFirst(".*/", ""))
        : name;
  }

  /** Returns a name that is no path and has no invisible characters; empty for none. */
  public static String safeName(String given) {
    var name =
        given
            .replaceAll("^.*[/\\\\]", "")
            .replaceAll("[\\p{Cntrl}\\p{Cf}\"<>|:*?]", "_")
            .replaceFirst("^\\.+", "")
            .strip();
    if (name.length() <= NAME_MAX) return name;
    int start = name.length() - NAME_MAX;
    return name.substring(Character.isLowSurrogate(name.charAt(start)) ? start + 1 : start);
  }
}
