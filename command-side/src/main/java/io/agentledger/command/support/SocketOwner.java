package io.agentledger.command.support;

import com.sun.security.auth.module.UnixSystem;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import java.io.IOException;
import java.net.SocketOption;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * The user of this host that a Unix socket is opened for. The socket's file is theirs alone, and
 * the kernel is asked who is at the other end of each connection: only they, and the service
 * itself, are let in. Needs a channel of the NIO or of the epoll transport.
 */
public record SocketOwner(int uid, int gid) {
  private static final ChannelOption<UnixDomainPrincipal> PEER =
      NioChannelOption.of((SocketOption<UnixDomainPrincipal>) ExtendedSocketOptions.SO_PEERCRED);

  /** The user that this service acts as. */
  public static SocketOwner ofService() {
    var system = new UnixSystem();
    return new SocketOwner((int) system.getUid(), (int) system.getGid());
  }

  /** Closes a connection, before a byte of it is read, unless it is one of theirs. */
  @FunctionalInterface
  public interface Admission {
    void closeIfForeign(Channel channel);
  }

  /** Whoever may connect, looked up once. */
  public Admission admission() throws IOException {
    List<UserPrincipal> permitted = List.of(principal(uid), principal(ofService().uid()));
    List<Integer> permittedUids = List.of(uid, ofService().uid());
    return channel -> {
      boolean admitted =
          channel instanceof EpollDomainSocketChannel epoll
              ? permittedUids.contains(peerUid(epoll))
              : permitted.contains(channel.config().getOption(PEER).user());
      if (!admitted) channel.close();
    };
  }

  /** The user at the other end; -1 when the kernel does not tell. */
  private static int peerUid(EpollDomainSocketChannel channel) {
    try {
      return channel.peerCredentials().uid();
    } catch (IOException unknown) {
      return -1;
    }
  }

  /** Makes a socket's file theirs: nobody else of this host may connect to it. */
  public void restrict(Path socket) throws IOException {
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
    if (uid == ofService().uid()) return;
    Files.setAttribute(socket, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(socket, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
  }

  /** A number that has no name is a user, too. */
  private static UserPrincipal principal(int uid) throws IOException {
    return FileSystems.getDefault()
        .getUserPrincipalLookupService()
        .lookupPrincipalByName(Integer.toString(uid));
  }
}
