/* Many websockets in one thread, and when each numbered message reached the last of them.
 *
 *     client --port 8080 --path /live --sockets 1000 [--headers FILE] [--key '"n":'] [--mark TEXT] [--bad TEXT]
 *            [--stuck K] [--wait-for-first] [--socketio]
 *
 * Line I of FILE is a header of socket I (they repeat). A message's number is the digits after KEY; MARK is counted
 * per message, BAD over all. The first K sockets stop reading once they are in. With --wait-for-first a socket is in
 * when its first numbered message has come (which is not counted), with --socketio when the namespace has answered.
 *
 * Tells:  open SOCKETS NS · done NUMBER FIRST LAST · gone SOCKETS · row NUMBER COUNT FIRST LAST MARKS
 *         end MESSAGES BYTES GONE DISORDER BAD              (times: CLOCK_MONOTONIC, ns)
 * Hears:  grow SOCKETS · table · quit                       (end of input is quit)
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum state { UNUSED, CONNECTING, SHAKING, JOINING, IN, GONE };

struct peer {
    int fd;
    enum state state;
    int stuck;
    int64_t last;          /* number of its latest message */
    char *rest;            /* the beginning of a frame whose end has not come */
    size_t length, room;
};

struct message { int64_t first, last; uint32_t count, marks; };

enum { TOGETHER = 200, CONTROL = -1 };

static int port, wanted, started, in, gone, stuck, announced, wait_for_first, socketio;
static const char *path = "/", *key = "\"n\":", *mark, *bad;
static size_t key_length, mark_length;
static char **headers;
static int header_count;
static struct peer *peers;
static struct message *messages;
static int64_t base = -1;
static size_t message_count;
static uint64_t frames, bytes, disorder, bads;
static int events;
static char buffer[1 << 20];

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void fail(const char *what)
{
    fprintf(stderr, "client: %s: %s\n", what, errno ? strerror(errno) : "cannot go on");
    exit(1);
}

static void lose(struct peer *peer)
{
    if (peer->state == IN)
        in--;
    peer->state = GONE;
    close(peer->fd);
    free(peer->rest);
    peer->rest = NULL;
    gone++;
    printf("gone %d\n", gone);
}

static void enter(struct peer *peer)
{
    peer->state = IN;
    in++;
    if (peer->stuck)
        epoll_ctl(events, EPOLL_CTL_DEL, peer->fd, NULL);
}

static void watch(int operation, long id, int fd, uint32_t what)
{
    struct epoll_event event = {.events = what, .data.u64 = (uint64_t)id};
    if (epoll_ctl(events, operation, fd, &event) < 0)
        fail("epoll");
}

static void dial(int number)
{
    struct peer *peer = &peers[number];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1, little = 4096;
    peer->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (peer->fd < 0)
        fail("socket");
    peer->state = CONNECTING;
    peer->stuck = number < stuck;
    peer->last = -1;
    setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (peer->stuck) /* else the kernels would hold megabytes before the server notices */
        setsockopt(peer->fd, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
    if (connect(peer->fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS)
        fail("connect");
    watch(EPOLL_CTL_ADD, number, peer->fd, EPOLLOUT);
}

static void put(struct peer *peer, const void *data, size_t length)
{
    if (send(peer->fd, data, length, MSG_NOSIGNAL) != (ssize_t)length)
        lose(peer);
}

static void put_frame(struct peer *peer, int opcode, const char *data, size_t length)
{
    unsigned char frame[6 + 125] = {0x80 | opcode, 0x80 | (length = length > 125 ? 125 : length)};
    memcpy(frame + 6, data, length); /* the mask is zero */
    put(peer, frame, 6 + length);
}

static void shake(struct peer *peer, int number)
{
    static char request[8192];
    int length = snprintf(request, sizeof request,
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==\r\nSec-WebSocket-Version: 13\r\n"
        "Origin: http://127.0.0.1:%d\r\n%s%s\r\n",
        path, port, port, header_count ? headers[number % header_count] : "", header_count ? "\r\n" : "");
    peer->state = SHAKING;
    watch(EPOLL_CTL_MOD, number, peer->fd, EPOLLIN);
    put(peer, request, (size_t)length);
}

static struct message *message_of(int64_t number)
{
    if (base < 0)
        base = number;
    if (number < base)
        return NULL;
    size_t place = (size_t)(number - base);
    if (place >= message_count) {
        size_t more = place * 2 + 4096;
        messages = realloc(messages, more * sizeof *messages);
        if (!messages)
            fail("memory");
        memset(messages + message_count, 0, (more - message_count) * sizeof *messages);
        message_count = more;
    }
    return &messages[place];
}

static uint32_t count(const char *text, size_t length)
{
    uint32_t found = 0;
    for (const char *at = text; (at = memmem(at, length - (size_t)(at - text), mark, mark_length)); at += mark_length)
        found++;
    return found;
}

static void hear(struct peer *peer, const char *text, size_t length, int64_t at)
{
    const char *found = memmem(text, length, key, key_length);
    if (!found || found + key_length >= text + length)
        return;
    int64_t number = 0;
    for (const char *digit = found + key_length; digit < text + length && *digit >= '0' && *digit <= '9'; digit++)
        number = number * 10 + (*digit - '0');
    if (peer->state == JOINING) {
        peer->last = number;
        enter(peer);
        return;
    }
    frames++;
    if (number <= peer->last)
        disorder++;
    peer->last = number;
    if (bad && memmem(text, length, bad, strlen(bad)))
        bads++;
    struct message *message = message_of(number);
    if (!message)
        return;
    if (!message->count++) {
        message->first = at;
        if (mark)
            message->marks = count(text, length);
    }
    message->last = at;
    if (message->count == (uint32_t)(in - stuck))
        printf("done %lld %lld %lld\n", (long long)number, (long long)message->first, (long long)message->last);
}

static void take_socketio(struct peer *peer, const char *text, size_t length, int64_t at)
{
    if (text[0] == '0')
        put_frame(peer, 1, "40", 2);
    else if (text[0] == '2')
        put_frame(peer, 1, "3", 1);
    else if (length > 1 && text[0] == '4' && text[1] == '0')
        enter(peer);
    else if (length > 1 && text[0] == '4' && text[1] == '2')
        hear(peer, text, length, at);
}

/* Every whole frame in `data`; how many bytes they were. */
static size_t take(struct peer *peer, const char *data, size_t length, int64_t at)
{
    size_t done = 0;
    while (length - done >= 2 && peer->state != GONE) {
        const unsigned char *head = (const unsigned char *)data + done;
        size_t size = head[1] & 127, skip = 2;
        if (size == 126) {
            if (length - done < 4)
                break;
            size = (size_t)head[2] << 8 | head[3], skip = 4;
        } else if (size == 127) {
            if (length - done < 10)
                break;
            size = 0, skip = 10;
            for (int i = 2; i < 10; i++)
                size = size << 8 | head[i];
        }
        if (length - done < skip + size)
            break;
        const char *text = (const char *)head + skip;
        switch (head[0] & 15) {
        case 1:
            if (socketio && size)
                take_socketio(peer, text, size, at);
            else
                hear(peer, text, size, at);
            break;
        case 8:
            lose(peer);
            break;
        case 9:
            put_frame(peer, 10, text, size);
        }
        done += skip + size;
    }
    return done;
}

static void receive(struct peer *peer)
{
    if (peer->length)
        memcpy(buffer, peer->rest, peer->length);
    ssize_t got = recv(peer->fd, buffer + peer->length, sizeof buffer - peer->length, 0);
    int64_t at = now();
    if (got <= 0) {
        if (got == 0 || errno != EAGAIN)
            lose(peer);
        return;
    }
    bytes += (uint64_t)got;
    size_t length = peer->length + (size_t)got, done = 0;
    if (peer->state == SHAKING) {
        char *end = memmem(buffer, length, "\r\n\r\n", 4);
        if (end) {
            if (memcmp(buffer, "HTTP/1.1 101", 12)) {
                fprintf(stderr, "client: refused: %.*s\n", (int)(length < 300 ? length : 300), buffer);
                exit(1);
            }
            done = (size_t)(end - buffer) + 4;
            peer->state = JOINING;
            if (!wait_for_first && !socketio)
                enter(peer);
        }
    }
    if (peer->state >= JOINING)
        done += take(peer, buffer + done, length - done, at);
    if (peer->state == GONE)
        return;
    peer->length = length - done;
    if (peer->length > peer->room) {
        peer->room = peer->length * 2;
        if (!(peer->rest = realloc(peer->rest, peer->room)))
            fail("memory");
    }
    if (peer->length)
        memcpy(peer->rest, buffer + done, peer->length);
    else if (peer->rest) {
        free(peer->rest);
        peer->rest = NULL;
        peer->room = 0;
    }
}

static void table(void)
{
    for (size_t i = 0; i < message_count; i++)
        if (messages[i].count)
            printf("row %lld %u %lld %lld %u\n", (long long)(base + (int64_t)i), messages[i].count,
                   (long long)messages[i].first, (long long)messages[i].last, messages[i].marks);
    printf("end %llu %llu %d %llu %llu\n", (unsigned long long)frames, (unsigned long long)bytes, gone,
           (unsigned long long)disorder, (unsigned long long)bads);
}

static void grow(int to)
{
    peers = realloc(peers, (size_t)to * sizeof *peers);
    if (!peers)
        fail("memory");
    memset(peers + wanted, 0, (size_t)(to - wanted) * sizeof *peers);
    wanted = to;
}

static void obey(void)
{
    static char heard[4096];
    static size_t length;
    ssize_t got = read(0, heard + length, sizeof heard - 1 - length);
    if (got <= 0)
        exit(0);
    length += (size_t)got;
    heard[length] = 0;
    char *line = heard, *end;
    for (; (end = strchr(line, '\n')); line = end + 1) {
        *end = 0;
        if (!strncmp(line, "grow ", 5) && atoi(line + 5) > wanted)
            grow(atoi(line + 5));
        else if (!strcmp(line, "table"))
            table();
        else if (!strcmp(line, "quit"))
            exit(0);
    }
    length = (size_t)(heard + length - line);
    memmove(heard, line, length);
}

static void read_headers(const char *name)
{
    FILE *file = fopen(name, "r");
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    if (!file)
        fail(name);
    while ((length = getline(&line, &room, file)) > 0) {
        line[strcspn(line, "\r\n")] = 0;
        headers = realloc(headers, (size_t)(header_count + 1) * sizeof *headers);
        headers[header_count++] = strdup(line);
    }
    fclose(file);
}

static void read_options(int count, char **given)
{
    int sockets = 0;
    for (int i = 1; i < count; i++) {
        const char *name = given[i];
        if (!strcmp(name, "--wait-for-first")) {
            wait_for_first = 1;
            continue;
        }
        if (!strcmp(name, "--socketio")) {
            socketio = 1;
            continue;
        }
        const char *value = ++i < count ? given[i] : "";
        if (!strcmp(name, "--port")) port = atoi(value);
        else if (!strcmp(name, "--sockets")) sockets = atoi(value);
        else if (!strcmp(name, "--stuck")) stuck = atoi(value);
        else if (!strcmp(name, "--path")) path = value;
        else if (!strcmp(name, "--key")) key = value;
        else if (!strcmp(name, "--mark")) mark = value;
        else if (!strcmp(name, "--bad")) bad = value;
        else if (!strcmp(name, "--headers")) read_headers(value);
        else {
            errno = 0;
            fail(name);
        }
    }
    key_length = strlen(key);
    mark_length = mark ? strlen(mark) : 0;
    grow(sockets);
}

int main(int argc, char **argv)
{
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    setvbuf(stdout, NULL, _IOLBF, 1 << 16);
    read_options(argc, argv);
    events = epoll_create1(EPOLL_CLOEXEC);
    watch(EPOLL_CTL_ADD, CONTROL, 0, EPOLLIN);
    int64_t began = now();
    for (;;) {
        while (started < wanted && started - in - gone < TOGETHER) {
            if (started == announced)
                began = now();
            dial(started++);
        }
        if (announced != wanted && in + gone == wanted) {
            announced = wanted;
            printf("open %d %lld\n", in, (long long)(now() - began));
        }
        struct epoll_event ready[512];
        int count = epoll_wait(events, ready, 512, 1000);
        for (int i = 0; i < count; i++) {
            if ((int64_t)ready[i].data.u64 == CONTROL) {
                obey();
                continue;
            }
            int number = (int)ready[i].data.u64;
            struct peer *peer = &peers[number];
            if (peer->state == CONNECTING)
                shake(peer, number);
            else if (peer->state != GONE)
                receive(peer);
        }
    }
}
