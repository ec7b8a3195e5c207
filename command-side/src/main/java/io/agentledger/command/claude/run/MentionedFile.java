package io.agentledger.command.claude.run;

import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.command.claude.record.InputDigest;
import io.agentledger.command.claude.sandbox.AgentPathResolver.HostLocation;
import io.agentledger.command.support.SecureDirectories;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;

/**
 * A file that a client mentions, as it is sent to the model: text of at most 256 KiB, or the names
 * of at most 1,000 entries of a directory. Links in its path are not followed.
 *
 * @param text the content, or the reason why there is none
 */
record MentionedFile(CallStatus status, String text) {
  static final int BYTES_MAX = 256 * 1024;
  private static final int NAMES_MAX = 1_000;

  /** Reads a file that the service attaches for a client. */
  static MentionedFile read(HostLocation location) {
    return read(location, false);
  }

  /**
   * Reads a file that the CLI attaches by its own reader, which also accepts images, text in other
   * encodings, and PDF files of any size. Those are described, not included.
   */
  static MentionedFile readAttached(HostLocation location) {
    return read(location, true);
  }

  private static MentionedFile read(HostLocation location, boolean byCli) {
    List<Path> steps = new ArrayList<>();
    location.path().forEach(steps::add);
    steps.removeIf(step -> step.toString().isEmpty());
    try {
      return steps.isEmpty()
          ? SecureDirectories.inDirectory(location.root(), steps, MentionedFile::list)
          : SecureDirectories.inDirectory(
              location.root(),
              steps.subList(0, steps.size() - 1),
              folder -> read(folder, steps.getLast(), byCli));
    } catch (CharacterCodingException binary) {
      return failed("The file is not UTF-8 text. Send it as an attachment.");
    } catch (IOException absent) {
      return failed("There is no such file.");
    }
  }

  private static MentionedFile read(SecureDirectoryStream<Path> folder, Path name, boolean byCli)
      throws IOException {
    var attributes = SecureDirectories.readAttributes(folder, name);
    if (attributes.isDirectory()) {
      try (var inside = SecureDirectories.open(folder, name)) {
        return list(inside);
      }
    }
    if (!attributes.isRegularFile()) {
      return failed("There is no such file.");
    }
    try (SeekableByteChannel channel = SecureDirectories.openFile(folder, name);
        InputStream in = Channels.newInputStream(channel)) {
      if (!SecureDirectories.isSeekable(channel)) {
        return failed("There is no such file."); // The file was just replaced by a pipe.
      }
      byte[] content = in.readNBytes(BYTES_MAX + 1);
      if (content.length > BYTES_MAX) {
        return byCli && name.toString().toLowerCase(Locale.ROOT).endsWith(".pdf")
            ? described(channel.size(), "")
            : failed("The file is larger than 256 KiB. Read the relevant parts.");
      }
      return decode(content, byCli);
    }
  }

  private static MentionedFile decode(byte[] content, boolean byCli)
      throws CharacterCodingException {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      return new MentionedFile(CallStatus.RETURNED, text);
    } catch (CharacterCodingException binary) {
      if (byCli) {
        return described(content.length, ", SHA-256 " + InputDigest.of(content));
      }
      throw binary;
    }
  }

  private static MentionedFile described(long bytes, String digest) {
    return new MentionedFile(
        CallStatus.RETURNED, "Claude Code has read this file: " + bytes + " bytes" + digest + ".");
  }

  private static MentionedFile list(SecureDirectoryStream<Path> folder) throws IOException {
    List<String> names = new ArrayList<>();
    for (Path entry : folder) {
      if (names.size() == NAMES_MAX) {
        break;
      }
      Path name = entry.getFileName();
      names.add(name + (SecureDirectories.readAttributes(folder, name).isDirectory() ? "/" : ""));
    }
    return new MentionedFile(
        CallStatus.RETURNED, names.stream().sorted().collect(Collectors.joining("\n")));
  }

  private static MentionedFile failed(String reason) {
    return new MentionedFile(CallStatus.FAILED, reason);
  }

  /** Appends the block for the model: a document, or a note on why it is missing. */
  void appendTo(ArrayNode blocks, String mention) {
    if (status != CallStatus.RETURNED || text.isBlank()) {
      String reason = status == CallStatus.RETURNED ? "It is empty." : text;
      blocks
          .addObject()
          .put("type", "text")
          .put(
              "text",
              "<system-reminder>The user mentions %s, which is not attached: %s</system-reminder>"
                  .formatted(mention, reason));
      return;
    }
    var block = blocks.addObject().put("type", "document").put("title", mention);
    block.putObject("source").put("type", "text").put("media_type", "text/plain").put("data", text);
  }
}
