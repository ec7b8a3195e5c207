package io.agentledger.command.support.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scope of an address depends on its number, however the address is written. */
class AddressScopeTest {
  @ParameterizedTest
  @CsvSource({
    "8.8.8.8, PUBLIC",
    "1.1.1.1, PUBLIC",
    "9.255.255.255, PUBLIC",
    "10.0.0.0, PRIVATE",
    "10.255.255.255, PRIVATE",
    "11.0.0.0, PUBLIC",
    "172.15.255.255, PUBLIC",
    "172.16.0.0, PRIVATE",
    "172.31.255.255, PRIVATE",
    "172.32.0.0, PUBLIC",
    "192.168.0.1, PRIVATE",
    "100.63.255.255, PUBLIC",
    "100.64.0.0, SHARED",
    "100.127.255.255, SHARED",
    "100.128.0.0, PUBLIC",
    "100.100.100.200, METADATA",
    "127.0.0.1, LOOPBACK",
    "127.255.255.254, LOOPBACK",
    "169.254.0.1, LINK_LOCAL",
    "169.254.169.254, METADATA",
    "169.254.170.2, METADATA",
    "168.63.129.16, METADATA",
    "192.0.0.192, METADATA",
    "192.0.0.8, RESERVED",
    "0.0.0.0, UNSPECIFIED",
    "0.1.2.3, UNSPECIFIED",
    "224.0.0.1, MULTICAST",
    "239.255.255.255, MULTICAST",
    "240.0.0.1, RESERVED",
    "255.255.255.255, RESERVED",
    "192.0.2.1, RESERVED",
    "198.18.0.1, RESERVED",
    "198.51.100.7, RESERVED",
    "203.0.113.7, RESERVED",
    "192.88.99.1, TRANSLATED",
    "::, UNSPECIFIED",
    "::1, LOOPBACK",
    "::127.0.0.1, TRANSLATED",
    "::8.8.8.8, TRANSLATED",
    "::ffff:127.0.0.1, LOOPBACK",
    "::ffff:8.8.8.8, PUBLIC",
    "::ffff:0:127.0.0.1, TRANSLATED",
    "64:ff9b::127.0.0.1, LOOPBACK",
    "64:ff9b::a9fe:a9fe, METADATA",
    "64:ff9b::8.8.8.8, PUBLIC",
    "64:ff9b:1::8.8.8.8, TRANSLATED",
    "2002:7f00:1::, TRANSLATED",
    "2001:0:4136:e378:8000:63bf:80ff:fffe, TRANSLATED",
    "2001:20::1, RESERVED",
    "2001:db8::1, RESERVED",
    "3fff::1, RESERVED",
    "2001:4860:4860::8888, PUBLIC",
    "2606:4700:4700::1111, PUBLIC",
    "2606:4700:4700::5efe:7f00:1, TRANSLATED",
    "2606:4700:4700::200:5efe:7f00:1, TRANSLATED",
    "fc00::1, PRIVATE",
    "fd12:3456::1, PRIVATE",
    "fd00:ec2::254, METADATA",
    "fe80::1, LINK_LOCAL",
    "febf::1, LINK_LOCAL",
    "fec0::1, RESERVED",
    "ff02::1, MULTICAST",
    "100::1, RESERVED",
    "4000::1, RESERVED",
    "5f00::1, RESERVED",
  })
  void classifiesAddresses(String address, AddressScope addressScope) {
    assertThat(AddressScope.classify(InetAddress.ofLiteral(address))).isEqualTo(addressScope);
  }

  @Property
  void ipv4AddressesEmbeddedInIpv6KeepTheirScope(@ForAll("closedIpv4") byte[] four) {
    byte[] mapped = embed(10, (byte) 0xFF, (byte) 0xFF);
    byte[] nat64 = new byte[16];
    nat64[1] = 0x64;
    nat64[2] = (byte) 0xFF;
    nat64[3] = (byte) 0x9B;
    for (var form : new byte[][] {new byte[16], mapped, nat64}) {
      System.arraycopy(four, 0, form, 12, 4);
      assertThat(AddressScope.classify(Cidr.address(form))).isNotEqualTo(AddressScope.PUBLIC);
    }
    byte[] sixToFour = new byte[16];
    sixToFour[0] = 0x20;
    sixToFour[1] = 0x02;
    System.arraycopy(four, 0, sixToFour, 2, 4);
    assertThat(AddressScope.classify(Cidr.address(sixToFour))).isNotEqualTo(AddressScope.PUBLIC);
  }

  private static byte[] embed(int at, byte... bytes) {
    var form = new byte[16];
    System.arraycopy(bytes, 0, form, at, bytes.length);
    return form;
  }

  @Provide
  Arbitrary<byte[]> closedIpv4() {
    return Arbitraries.of("10/8", "127/8", "0/8", "169.254/16", "192.168/16", "224/4", "240/4")
        .flatMap(AddressScopeTest::addressesIn);
  }

  private static Arbitrary<byte[]> addressesIn(String range) {
    var start = range.split("/")[0].split("\\.");
    return Arbitraries.bytes()
        .array(byte[].class)
        .ofSize(4)
        .map(
            bytes -> {
              for (int i = 0; i < start.length; i++) bytes[i] = (byte) Integer.parseInt(start[i]);
              return bytes;
            });
  }

  @Property
  void onlyGlobalUnicastIsPublicInIpv6(@ForAll("sixteen") byte[] bytes) {
    var address = Cidr.address(bytes);
    boolean global = (bytes[0] & 0xE0) == 0x20;
    if (bytes.length == address.getAddress().length && !global && bytes[0] != 0)
      assertThat(AddressScope.classify(address)).isNotEqualTo(AddressScope.PUBLIC);
  }

  @Provide
  Arbitrary<byte[]> sixteen() {
    return Arbitraries.bytes().array(byte[].class).ofSize(16);
  }
}
