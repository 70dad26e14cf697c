# Handwritten digits: ten trees vote on images of 8x8 pixels with values from 0 to 16.
import array
import sys

import digits

# The first images of the test set: a 1 and a 3. An image is 64 bytes: an array "B", or bytes as a file gives them.
IMAGES = (
    bytes((0, 0, 11, 10, 0, 0, 0, 0, 0, 0, 11, 15, 0, 0, 0, 0, 0, 0, 11, 16, 5, 0, 0, 0, 0, 0, 13, 16, 11, 0, 0, 0,
           0, 0, 2, 7, 16, 2, 0, 0, 0, 0, 0, 2, 14, 6, 0, 0, 0, 0, 6, 10, 15, 13, 8, 3, 0, 0, 8, 16, 16, 16, 16, 12)),
    bytes((0, 2, 13, 15, 10, 4, 0, 0, 0, 0, 5, 4, 13, 15, 2, 0, 0, 0, 0, 0, 11, 16, 4, 0, 0, 0, 0, 0, 16, 12, 0, 0,
           0, 0, 0, 0, 13, 11, 0, 0, 0, 0, 0, 0, 8, 13, 0, 0, 0, 1, 6, 8, 14, 12, 0, 0, 0, 2, 12, 14, 11, 1, 0, 0)),
)


def draw(image):
    for i in range(0, len(image), 8):
        print("".join([" .:-=+*#%@"[pixel * 9 // 16] for pixel in image[i:i + 8]]))


def score(folder):
    """The share of a test set that is read right, image by image, as a camera would give them."""
    image = array.array("B", bytes(digits.N_FEATURES))
    n, n_right = 0, 0
    with open(folder + "/X_test.csv") as images, open(folder + "/y_test.csv") as labels:
        for row in images:
            for i, pixel in enumerate(row.split(",")):
                image[i] = int(pixel)
            n += 1
            n_right += digits.predict(image) == int(labels.readline())
    print("%d of %d digits right: accuracy %.4f" % (n_right, n, n_right / n))


for image in IMAGES:
    draw(image)
    print("this is a", digits.predict(image))
if len(sys.argv) > 1:
    score(sys.argv[1])
