package io.agentledger.command.support.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A range contains addresses with the same first bits, and none of the other family. */
class CidrTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0",
        "10.0.0.0/33",
        "10.0.0.1/8",
        "/8",
        "host/8",
        "::/129",
        "10.0.0.0/-1",
        "fd00::1/8"
      })
  void rejectsInvalidRanges(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Cidr.of(text));
  }

  @Property
  void rangeContainsAddressesWithItsPrefix(
      @ForAll @Size(4) byte[] bytes, @ForAll @IntRange(max = 32) int prefix, @ForAll int other) {
    int address = java.nio.ByteBuffer.wrap(bytes).getInt();
    int mask = prefix == 0 ? 0 : -1 << (32 - prefix);
    var range = Cidr.of(address(address & mask).getHostAddress() + "/" + prefix);
    assertThat(range.contains(Cidr.address(bytes))).isTrue();
    assertThat(range.contains(address(other))).isEqualTo((other & mask) == (address & mask));
    assertThat(range.contains(InetAddress.ofLiteral("fd00::1"))).isFalse();
  }

  private static InetAddress address(int bits) {
    return Cidr.address(java.nio.ByteBuffer.allocate(4).putInt(bits).array());
  }
}
