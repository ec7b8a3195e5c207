package io.agentledger.command.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.channel.ChatCommand.SentFile;
import io.agentledger.api.channel.ChatMessageContent;
import io.agentledger.command.channel.outbound.ScriptedPlatform;
import io.agentledger.command.channel.platform.PlatformDescription;
import io.agentledger.command.channel.platform.PlatformDescription.Capability;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The platform of these tests takes pictures of at most 100 bytes. */
class SentFilesTest {
  private static final String PICTURE = "89504e470d0a1a0a";

  private static SentFile file(String name, String mediaType, String hex) {
    var data = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    return new SentFile(name, mediaType, data);
  }

  private static PlatformDescription platform(Capability... capabilities) {
    return new ScriptedPlatform("pigeon", Set.of(capabilities)).description();
  }

  private static void assertRefused(SentFile file, PlatformDescription platform, String detail) {
    assertThatThrownBy(() -> SentFiles.of(List.of(file), platform))
        .hasMessage("The platform pigeon cannot send this message: " + detail + ".");
  }

  @Test
  void filesHaveTheTypeOfTheirBytesAndNamesThatAreNoPaths() {
    var given = List.of(file("../a.png", "image/png", PICTURE), file("b", "image/jpeg", PICTURE));
    var content =
        SentFiles.of(given, platform(Capability.MEDIA)).addTo(ChatMessageContent.ofText("two"));
    assertThat(content.text()).isEqualTo("two");
    assertThat(content.media())
        .extracting(media -> media.name() + " " + media.declaredType())
        .containsExactly("a.png image/png", "b image/png");
  }

  @Test
  void filesBeyondTheLimitsOfThePlatformAreRefused() {
    var media = platform(Capability.MEDIA);
    assertRefused(
        file("a.png", "", PICTURE + "00".repeat(93)),
        media,
        "the file a.png has more than 100 bytes");
    assertRefused(
        file("a.txt", "", "6869"),
        media,
        "the file a.txt is of the type text/plain, and it takes only image/*");
    assertRefused(
        file("a.pdf", "application/pdf", PICTURE),
        media,
        "the bytes of the file a.pdf are not of the type application/pdf");
    assertRefused(file("a.png", "", PICTURE), platform(), "it takes no files");
    assertRefused(
        file("a.png", "", PICTURE),
        platform(Capability.MEDIA_BY_URL),
        "it takes files by a public URL only, which this service does not serve");
  }
}
