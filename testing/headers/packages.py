"""The development packages whose headers are examined, and what is in them."""

import functools
import os
import subprocess
from pathlib import Path

PACKAGES = [
    "zlib1g-dev", "libsqlite3-dev", "libpng-dev", "libjpeg62-turbo-dev", "libcurl4-openssl-dev",
    "libssl-dev", "libsodium-dev", "libxml2-dev", "libglib2.0-dev", "libcairo2-dev", "libuv1-dev",
    "libevent-dev", "libarchive-dev", "liblz4-dev", "libzstd-dev", "libxcb1-dev", "libpq-dev",
    "libfftw3-dev", "liblapacke-dev", "libwayland-dev", "libusb-1.0-0-dev", "libsndfile1-dev",
    "libelf-dev", "liblua5.4-dev", "libgmp-dev", "libncurses-dev", "libpcre2-dev",
    "libfreetype-dev", "libyaml-dev", "libzmq3-dev", "libc6-dev",
]  # fmt: skip

#: Others; ./run headers --more examines some headers of each.
MORE = [
    "libx11-dev", "libgtk-3-dev", "libsdl2-dev", "libavcodec-dev", "libavformat-dev",
    "libdbus-1-dev", "libmariadb-dev", "libhdf5-dev", "libvulkan-dev", "opencl-c-headers",
    "libopenal-dev", "libjansson-dev", "linux-libc-dev", "libgsl-dev", "libgstreamer1.0-dev",
    "libmpfr-dev", "libgit2-dev", "libssh2-1-dev", "libssh-dev", "libnuma-dev", "libbpf-dev",
    "libpulse-dev", "libasound2-dev", "libsystemd-dev", "libudev-dev", "libmount-dev",
    "libblkid-dev", "libselinux1-dev", "libcap-dev", "libgnutls28-dev", "libgcrypt20-dev",
    "libgpg-error-dev", "nettle-dev", "libtiff-dev", "libwebp-dev", "libopenjp2-7-dev",
    "libopus-dev", "libvorbis-dev", "libflac-dev", "libmp3lame-dev", "libnl-3-dev", "libldap-dev",
    "libsasl2-dev", "libkrb5-dev", "unixodbc-dev", "libgdal-dev", "libproj-dev", "libgeos-dev",
    "libnetcdf-dev", "libopenmpi-dev", "libsuitesparse-dev", "libglfw3-dev", "libegl-dev",
    "libgl-dev", "libgles-dev", "libdrm-dev", "libgbm-dev", "libinput-dev", "libxkbcommon-dev",
    "libjson-c-dev", "libexpat1-dev", "libavahi-client-dev", "libzip-dev", "libbz2-dev",
    "libbrotli-dev", "libsnappy-dev", "librdkafka-dev", "libhiredis-dev", "libmosquitto-dev",
    "libcmocka-dev", "libunwind-dev", "libdw-dev", "libcapstone-dev", "guile-3.0-dev",
    "postgresql-server-dev-15", "apache2-dev", "valgrind", "libgtk-4-dev", "libffi-dev",
    "libreadline-dev", "libedit-dev", "libfuse3-dev", "libaio-dev", "liburing-dev", "librtlsdr-dev",
    "libiw-dev", "libbluetooth-dev", "libusb-dev", "libftdi1-dev", "libi2c-dev", "libgpiod-dev",
    "libmodbus-dev", "libxxhash-dev", "libmagic-dev", "libpam0g-dev", "libacl1-dev", "libattr1-dev",
    "libkmod-dev", "libseccomp-dev", "libapparmor-dev", "libtss2-dev", "libvirt-dev", "libxen-dev",
    "libpci-dev", "libraw1394-dev", "libdc1394-dev", "libv4l-dev", "portaudio19-dev",
    "libjack-jackd2-dev", "libsamplerate0-dev", "libspeexdsp-dev", "libtheora-dev", "libvpx-dev",
    "libx264-dev", "libx265-dev", "libaom-dev", "libdav1d-dev", "libass-dev", "libharfbuzz-dev",
    "libpango1.0-dev", "libgif-dev", "libexif-dev", "liblcms2-dev", "libheif-dev", "libmupdf-dev",
    "libpoppler-glib-dev", "libcups2-dev", "libsane-dev", "liblmdb-dev", "libgdbm-dev",
    "libtokyocabinet-dev", "libnghttp2-dev", "libmicrohttpd-dev", "libwebsockets-dev",
    "libsoup-3.0-dev", "libevdev-dev", "libcdio-dev", "libiso9660-dev", "libplist-dev",
    "libimobiledevice-dev", "libslang2-dev", "libtirpc-dev", "libidn2-dev", "libunistring-dev",
    "libpsl-dev", "libp11-kit-dev", "libassuan-dev", "libgpgme-dev", "libksba-dev", "libntirpc-dev",
    "libglpk-dev", "libarpack2-dev", "libmpc-dev", "libflint-dev", "libpari-dev", "libigraph-dev",
    "libcfitsio-dev", "libqhull-dev", "libmetis-dev", "libscotch-dev", "libsnmp-dev",
    "libnetfilter-queue-dev", "libmnl-dev", "libnftnl-dev", "libdaq-dev", "libibverbs-dev",
    "librdmacm-dev", "libpmem-dev", "libhwloc-dev", "libxcb-xkb-dev", "libxcb-util-dev",
    "libxi-dev", "libxrandr-dev", "libxinerama-dev", "libxext-dev", "libxft-dev", "libxt-dev",
    "libmotif-dev", "xserver-xorg-dev", "libpython3.11-dev", "ruby3.1-dev", "tcl8.6-dev",
    "libdb5.3-dev", "libpcap0.8-dev",
    "binutils-dev", "duktape-dev", "erlang-dev", "firebird-dev", "flite1-dev", "freetds-dev",
    "ladspa-sdk", "liballegro5-dev", "libao-dev", "libapr1-dev", "libaprutil1-dev",
    "libargon2-dev", "libaspell-dev", "libassimp-dev", "libatk1.0-dev", "libatomic-ops-dev",
    "libaubio-dev", "libaudit-dev", "libavfilter-dev", "libavif-dev", "libavutil-dev",
    "libb2-dev", "libbabeltrace-dev", "libblosc-dev", "libbluray-dev", "libbsd-dev",
    "libc-ares-dev", "libcaca-dev", "libcanberra-dev", "libcap-ng-dev", "libcbor-dev",
    "libcdb-dev", "libcjson-dev", "libck-dev", "libcmph-dev", "libcodec2-dev", "libconfig-dev",
    "libconfuse-dev", "libcsfml-dev", "libcsv-dev", "libcunit1-dev", "libdecor-0-dev",
    "libdeflate-dev", "libdevmapper-dev", "libdmtx-dev", "libdpdk-dev", "libdvdread-dev",
    "libdwarf-dev", "libecpg-dev", "libenchant-2-dev", "libepoxy-dev", "libespeak-ng-dev",
    "libev-dev", "libext2fs-dev", "libfabric-dev", "libfdisk-dev", "libfido2-dev",
    "libfluidsynth-dev", "libfontconfig-dev", "libfreeimage-dev", "libfreeipmi-dev",
    "libgc-dev", "libgd-dev", "libgdk-pixbuf-2.0-dev", "libgeotiff-dev",
    "libgirepository1.0-dev", "libglew-dev", "libglusterfs-dev", "libgmime-3.0-dev",
    "libgnunet-dev", "libgphoto2-dev", "libgpm-dev", "libgraphviz-dev", "libgsasl-dev",
    "libgsm1-dev", "libgstreamer-plugins-base1.0-dev", "libgudev-1.0-dev", "libhidapi-dev",
    "libhunspell-dev", "libhyperscan-dev", "libiberty-dev", "libical-dev", "libice-dev",
    "libid3tag0-dev", "libieee1284-3-dev", "libimlib2-dev", "libiniparser-dev", "libip4tc-dev",
    "libipset-dev", "libisal-dev", "libiscsi-dev", "libjbig2dec0-dev", "libjemalloc-dev",
    "libjson-glib-dev", "libjudy-dev", "libjxl-dev", "libkeyutils-dev", "libldb-dev",
    "libldns-dev", "libleptonica-dev", "libleveldb-dev", "liblo-dev", "libltdl-dev",
    "liblttng-ust-dev", "libluajit-5.1-dev", "liblzo2-dev", "libmad0-dev", "libmatio-dev",
    "libmaxminddb-dev", "libmbedtls-dev", "libmcrypt-dev", "libmd-dev", "libmemcached-dev",
    "libmhash-dev", "libmilter-dev", "libmimalloc-dev", "libmono-2.0-dev", "libmpg123-dev",
    "libmpv-dev", "libmruby-dev", "libmsgpack-dev", "libmtdev-dev", "libmunge-dev",
    "libmxml-dev", "libndctl-dev", "libnet1-dev", "libnetfilter-conntrack-dev", "libnewt-dev",
    "libnfc-dev", "libnfnetlink-dev", "libnfs-dev", "libnghttp3-dev", "libngtcp2-dev",
    "libnlopt-dev", "libnm-dev", "libnotify-dev", "libnspr4-dev", "libnss3-dev", "libnvme-dev",
    "libode-dev", "libonig-dev", "libopenipmi-dev", "libopusfile-dev", "libosip2-dev",
    "libosmesa6-dev", "libostree-dev", "libpaper-dev", "libparted-dev", "libpcaudio-dev",
    "libpciaccess-dev", "libpcre3-dev", "libpcsclite-dev", "libpipewire-0.3-dev",
    "libpixman-1-dev", "libpmix-dev", "libpocketsphinx-dev", "libpopt-dev", "libprotobuf-c-dev",
    "libpurple-dev", "libqb-dev", "libqrencode-dev", "librabbitmq-dev", "libradcli-dev",
    "librados-dev", "librasterlite2-dev", "libroaring-dev", "librpm-dev", "librubberband-dev",
    "libsdl1.2-dev", "libsdl2-image-dev", "libsdl2-mixer-dev", "libsdl2-ttf-dev", "libseat-dev",
    "libsemanage-dev", "libsepol-dev", "libserialport-dev", "libshaderc-dev", "libshishi-dev",
    "libshp-dev", "libsigrok-dev", "libslurm-dev", "libsm-dev", "libsmartcols-dev",
    "libsmbclient-dev", "libsmi2-dev", "libsndio-dev", "libsolv-dev", "libsoxr-dev",
    "libspa-0.2-dev", "libspatialite-dev", "libsrtp2-dev", "libstartup-notification0-dev",
    "libsundials-dev", "libsuperlu-dev", "libsvn-dev", "libswscale-dev", "libtagc0-dev",
    "libtalloc-dev", "libtasn1-6-dev", "libtdb-dev", "libteam-dev", "libtermkey-dev",
    "libtesseract-dev", "libtevent-dev", "libtomcrypt-dev", "libtommath-dev",
    "libturbojpeg0-dev", "libtwolame-dev", "libucx-dev", "libunbound-dev", "libunicorn-dev",
    "liburcu-dev", "libva-dev", "libvarnishapi-dev", "libvdpau-dev", "libvlc-dev",
    "libvncserver-dev", "libvte-2.91-dev", "libvterm-dev", "libwacom-dev", "libwavpack-dev",
    "libwireshark-dev", "libwolfssl-dev", "libxaw7-dev", "libxcursor-dev", "libxdo-dev",
    "libxdp-dev", "libxfixes-dev", "libxkbfile-dev", "libxmlrpc-core-c3-dev", "libxmlsec1-dev",
    "libxosd-dev", "libxpm-dev", "libxrender-dev", "libxslt1-dev", "libxss-dev",
    "libxtables-dev", "libxtst-dev", "libyajl-dev", "lv2-dev", "musl-dev", "nginx-dev",
    "openjdk-17-jdk-headless", "r-base-core", "systemtap-sdt-dev", "uuid-dev",
]  # fmt: skip


def output(*command: str) -> str:
    """What a command prints; nothing if it fails."""
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else ""


@functools.cache
def files(package: str) -> list[Path]:
    return [Path(line) for line in output("dpkg", "-L", package).splitlines()]


def version(package: str) -> str:
    return output("dpkg-query", "-W", "-f", "${Version}", package)


def install(packages: list[str]) -> None:
    """Those that are missing, as root."""
    missing = [name for name in packages if not files(name)]
    if missing:
        command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "-q", "update"], env=environment)
        subprocess.run(command, env=environment, check=True)
        files.cache_clear()


def headers(package: str) -> list[Path]:
    """Each once, whatever links lead to it."""
    found = {path.resolve(): path for path in sorted(files(package)) if path.suffix == ".h"}
    return sorted(path for path in found.values() if "/share/doc/" not in str(path))


@functools.cache
def flags(package: str) -> list[str]:
    """What pkg-config says for the package's own modules."""
    modules = {path.stem for path in files(package) if path.suffix == ".pc"}
    words: list[str] = []
    for module in sorted(modules):
        found = output(os.environ.get("PKG_CONFIG", "pkg-config"), "--cflags", module).split()
        words += [word for word in found if word not in words]
    return words
