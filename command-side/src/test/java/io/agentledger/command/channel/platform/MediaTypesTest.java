package io.agentledger.command.channel.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaTypesTest {
  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    "89504e470d0a1a0a00, image/png",
    "ffd8ffe0, image/jpeg",
    "474946383961, image/gif",
    "524946460000000057454250, image/webp",
    "524946460000000057415645, audio/wav",
    "000000000000000057454250, application/octet-stream",
    "255044462d312e37, application/pdf",
    "000000186674797069736f6d, video/mp4",
    "000000186674797033677034, video/3gpp",
    "4f67675300, audio/ogg",
    "504b030414, application/zip",
    "48616c6c6f, text/plain",
    "fffe0048, application/octet-stream",
    "00, application/octet-stream",
  })
  void recognisesFilesByTheirFirstBytes(String hex, String mediaType) {
    assertThat(MediaTypes.of(HexFormat.of().parseHex(hex))).isEqualTo(mediaType);
  }

  private static String accepted(byte[] bytes, String name, String declared) {
    return MediaTypes.content(bytes, new MediaReference("id", name, declared))
        .map(content -> content.name() + " " + content.mediaType())
        .orElse("refused");
  }

  @Test
  void refusesFilesThatAreNotOfTheStatedType() {
    var page = text("<html><script>alert(1)</script>");
    assertThat(accepted(page, "a.png", "image/png")).isEqualTo("refused");
    assertThat(accepted(page, "a.pdf", "application/pdf")).isEqualTo("refused");
    assertThat(accepted(PlatformFixture.PNG, "a.txt", "text/plain")).isEqualTo("refused");
    assertThat(accepted(text("MZ\u0000"), "a.jpg", "image/jpeg")).isEqualTo("refused");
    assertThat(accepted(text("PK\u0003\u0004"), "a.png", "image/png")).isEqualTo("refused");
    assertThat(accepted(text("<svg onload='x'>"), "a.svg", "image/svg+xml")).isEqualTo("refused");
  }

  @Test
  void showsPagesAsText() {
    assertThat(accepted(text("<html>"), "a.html", "text/html")).isEqualTo("a.html text/plain");
    assertThat(accepted(text("{}"), "a.json", "application/json")).isEqualTo("a.json text/plain");
  }

  @Test
  void takesTheTypeOfTheBytes() {
    assertThat(accepted(PlatformFixture.PNG, "", "image/jpeg; a=b"))
        .isEqualTo("file.png image/png");
    assertThat(accepted(PlatformFixture.PNG, "", "")).isEqualTo("file.png image/png");
    assertThat(accepted(new byte[] {0}, "", "")).isEqualTo("file.bin application/octet-stream");
    assertThat(accepted(text("OggS"), "a", "video/mp4")).isEqualTo("a audio/ogg");
    var word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    assertThat(accepted(text("PK\u0003\u0004"), "a.docx", word)).isEqualTo("a.docx " + word);
  }

  @Test
  void namesOfFilesAreNoPaths() {
    assertThat(accepted(text("x"), "../../etc/pass\u202ewd", "")).isEqualTo("pass_wd text/plain");
    assertThat(accepted(text("x"), "C:\\a\\..\\.bashrc", "")).isEqualTo("bashrc text/plain");
    assertThat(accepted(text("x"), "..", "")).isEqualTo("file.txt text/plain");
    assertThat(accepted(text("x"), "😀".repeat(80) + ".txt", "")).hasSizeLessThan(112);
  }
}
